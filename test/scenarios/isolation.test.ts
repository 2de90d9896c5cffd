import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { EC2, type Instance } from '@aws-sdk/client-ec2'
import { lacksAws, startPlatform, until, type Platform } from '../harness/platform.ts'

/** Serves 8080 and 9090 until the machine ends. */
const server = `#!/bin/sh
exec /opt/evenkeel/bin/node -e 'for (const port of [8080, 9090]) require("http").createServer((q, s) => s.end("here")).listen(port)' &
`

interface Machine {
  readonly id: string
  readonly address: string
  readonly publicAddress: string
}

/** Docker's default capabilities, as a bounding set; what a machine lacks of them is named in decision 0024. */
const dockerCapabilities = 0xa80425fbn

const skip = await lacksAws()

describe('what a machine reaches, and what it does not', { skip }, () => {
  let platform: Platform
  let ec2: EC2
  let vpcId = ''
  let inner = ''
  let outer = ''
  let tableId = ''
  let gatewayId = ''
  let web: Machine
  let neighbour: Machine
  let client: Machine
  let stranger: Machine
  let foreigner: Machine

  const sh = async (machine: Machine, script: string): Promise<string> =>
    (await platform.evenkeel('exec', machine.id, '--', 'sh', '-c', `${script}; true`)).trim()
  /** Those of `address/port` that take a connection, tried at once. */
  const reached = async (from: Machine, doors: readonly string[]): Promise<readonly string[]> => {
    const tries = doors.map(
      (door) => `(timeout 0.7 bash -c '</dev/tcp/${door}' 2>/dev/null && echo ${door}) &`,
    )
    const text = await sh(from, `${tries.join(' ')} wait`)
    return doors.filter((door) => text.split('\n').includes(door))
  }
  const reaches = async (from: Machine, address: string, port: number): Promise<boolean> =>
    (await reached(from, [`${address}/${port}`])).length === 1
  const becomes = (wanted: boolean, from: Machine, to: Machine, port = 8080): Promise<unknown> =>
    until(
      `${from.address} ${wanted ? 'reaches' : 'does not reach'} ${to.address}:${port}`,
      async () => (await reaches(from, to.address, port)) === wanted,
    )

  const makeSubnet = async (vpc: string, cidr: string): Promise<string> => {
    const made = await ec2.createSubnet({
      VpcId: vpc,
      CidrBlock: cidr,
      AvailabilityZone: 'us-east-1a',
    })
    return made.Subnet?.SubnetId ?? ''
  }
  const makeGroup = async (vpc: string, name: string): Promise<string> =>
    (await ec2.createSecurityGroup({ VpcId: vpc, GroupName: name, Description: name })).GroupId ??
    ''
  const launch = async (
    subnet: string,
    group: string,
    isPublic = false,
    address?: string,
  ): Promise<Machine> => {
    const made = await ec2.runInstances({
      ImageId: 'ami-evenkeel',
      InstanceType: 't3.nano',
      MinCount: 1,
      MaxCount: 1,
      UserData: Buffer.from(server).toString('base64'),
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          SubnetId: subnet,
          Groups: [group],
          AssociatePublicIpAddress: isPublic,
          ...(address !== undefined && { PrivateIpAddress: address }),
        },
      ],
    })
    const id = made.Instances?.[0]?.InstanceId ?? ''
    const found = await until<Instance>(`${id} runs`, async () => {
      const answer = await ec2.describeInstances({ InstanceIds: [id] })
      const instance = answer.Reservations?.[0]?.Instances?.[0]
      return instance?.State?.Name === 'running' ? instance : undefined
    })
    return {
      id,
      address: found.PrivateIpAddress ?? '',
      publicAddress: found.PublicIpAddress ?? '',
    }
  }

  before(async () => {
    platform = await startPlatform()
    ec2 = new EC2({
      endpoint: platform.endpoint,
      region: 'us-east-1',
      credentials: platform.credentials,
    })
    vpcId = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc?.VpcId ?? ''
    inner = await makeSubnet(vpcId, '10.0.1.0/24')
    outer = await makeSubnet(vpcId, '10.0.2.0/24')
    gatewayId = (await ec2.createInternetGateway({})).InternetGateway?.InternetGatewayId ?? ''
    await ec2.attachInternetGateway({ VpcId: vpcId, InternetGatewayId: gatewayId })
    tableId = (await ec2.createRouteTable({ VpcId: vpcId })).RouteTable?.RouteTableId ?? ''
    await ec2.associateRouteTable({ RouteTableId: tableId, SubnetId: outer })
    await ec2.createRoute({
      RouteTableId: tableId,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: gatewayId,
    })
    const [servers, clients, others] = [
      await makeGroup(vpcId, 'servers'),
      await makeGroup(vpcId, 'clients'),
      await makeGroup(vpcId, 'others'),
    ]
    const tcp8080 = { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080 }
    await ec2.authorizeSecurityGroupIngress({
      GroupId: servers,
      IpPermissions: [{ ...tcp8080, UserIdGroupPairs: [{ GroupId: clients }] }],
    })
    await ec2.authorizeSecurityGroupIngress({
      GroupId: clients,
      IpPermissions: [{ ...tcp8080, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    })
    // Another VPC of the same range.
    const foreignVpc = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc?.VpcId ?? ''
    const foreignSubnet = await makeSubnet(foreignVpc, '10.0.3.0/24')
    const foreign = await makeGroup(foreignVpc, 'foreign')
    ;[web, neighbour, client, stranger, foreigner] = await Promise.all([
      launch(inner, servers, false, '10.0.1.10'),
      launch(inner, clients),
      launch(outer, clients, true),
      launch(outer, others),
      launch(foreignSubnet, foreign),
    ])
    await becomes(true, client, web)
  })
  after(async () => {
    ec2?.destroy()
    await platform?.stop()
  })

  it('security groups: only who they name, only the port that they name', async () => {
    const at = (to: Machine, port: number): string => `${to.address}/${port}`
    const tried = [at(web, 8080), at(web, 9090), at(client, 8080), at(stranger, 8080)]
    assert.deepEqual(await reached(client, tried), [at(web, 8080), at(client, 8080)])
    assert.deepEqual(await reached(stranger, tried), [at(client, 8080), at(stranger, 8080)])
    assert.deepEqual(await reached(neighbour, tried), [at(web, 8080), at(client, 8080)])
    assert.deepEqual(await reached(web, tried), [at(web, 8080), at(web, 9090), at(client, 8080)])
  })

  it('network ACLs: without memory, in order, and not within a subnet', async () => {
    const acl = (await ec2.createNetworkAcl({ VpcId: vpcId })).NetworkAcl?.NetworkAclId ?? ''
    const known = await ec2.describeNetworkAcls({
      Filters: [{ Name: 'association.subnet-id', Values: [inner] }],
    })
    const association = known.NetworkAcls?.[0]?.Associations?.find(
      (each) => each.SubnetId === inner,
    )?.NetworkAclAssociationId
    const moved = await ec2.replaceNetworkAclAssociation({
      AssociationId: association,
      NetworkAclId: acl,
    })
    await becomes(false, client, web)
    const entry = { NetworkAclId: acl, Protocol: '6', RuleAction: 'allow' } as const
    const inward = { ...entry, RuleNumber: 100, Egress: false, CidrBlock: '10.0.2.0/24' }
    await ec2.createNetworkAclEntry({ ...inward, PortRange: { From: 8080, To: 8080 } })
    assert.equal(await reaches(neighbour, web.address, 8080), true, 'within the subnet')
    assert.equal(await reaches(client, web.address, 8080), false, 'answers have no rule yet')
    await ec2.createNetworkAclEntry({
      ...{ ...entry, RuleNumber: 100, Egress: true, CidrBlock: '10.0.2.0/24' },
      PortRange: { From: 1024, To: 65535 },
    })
    await becomes(true, client, web)
    assert.equal(await reaches(stranger, web.address, 8080), false, 'groups are asked as well')
    await ec2.createNetworkAclEntry({
      ...{ NetworkAclId: acl, Protocol: '-1', RuleAction: 'deny', RuleNumber: 90 },
      ...{ Egress: false, CidrBlock: `${client.address}/32` },
    })
    await becomes(false, client, web)
    await ec2.deleteNetworkAclEntry({ NetworkAclId: acl, RuleNumber: 90, Egress: false })
    await becomes(true, client, web)
    await assert.rejects(ec2.deleteNetworkAcl({ NetworkAclId: acl }), {
      name: 'DependencyViolation',
    })
    await ec2.replaceNetworkAclAssociation({
      AssociationId: moved.NewAssociationId,
      NetworkAclId: known.NetworkAcls?.[0]?.NetworkAclId,
    })
    await ec2.deleteNetworkAcl({ NetworkAclId: acl })
    await becomes(true, client, web)
  })

  it('routes: without one to the gateway nothing comes in from outside', async (t) => {
    if (process.getuid?.() !== 0) return t.skip('public addresses answer for root alone')
    const answers = async (): Promise<boolean> =>
      fetch(`http://${client.publicAddress}:8080/`, { signal: AbortSignal.timeout(700) }).then(
        (response) => response.ok,
        () => false,
      )
    await until('the public address answers', answers)
    await ec2.deleteRoute({ RouteTableId: tableId, DestinationCidrBlock: '0.0.0.0/0' })
    await until('it does no more', async () => !(await answers()))
    await ec2.createRoute({
      RouteTableId: tableId,
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: gatewayId,
    })
    await until('it answers again', answers)
  })

  it('an elastic address is reached on the instance that has it, and stays with its owner', async () => {
    const { AllocationId, PublicIp = '' } = await ec2.allocateAddress({ Domain: 'vpc' })
    const first = await ec2.associateAddress({ AllocationId, InstanceId: stranger.id })
    const shown = await ec2.describeAddresses({ PublicIps: [PublicIp] })
    assert.equal(shown.Addresses?.[0]?.InstanceId, stranger.id)
    const second = await ec2.associateAddress({ AllocationId, InstanceId: client.id })
    assert.notEqual(second.AssociationId, first.AssociationId)
    const found = await ec2.describeInstances({ InstanceIds: [client.id, stranger.id] })
    const instances = found.Reservations?.flatMap((each) => each.Instances ?? []) ?? []
    const addressOf = (machine: Machine): string | undefined =>
      instances.find((each) => each.InstanceId === machine.id)?.PublicIpAddress
    assert.deepEqual([addressOf(client), addressOf(stranger)], [PublicIp, undefined])
    if (process.getuid?.() === 0) {
      await until('the elastic address answers', () =>
        fetch(`http://${PublicIp}:8080/`, { signal: AbortSignal.timeout(700) }).then(
          (response) => response.ok,
          () => false,
        ),
      )
    }
    await assert.rejects(ec2.releaseAddress({ AllocationId }), { name: 'InvalidIPAddress.InUse' })
    await ec2.disassociateAddress({ AssociationId: second.AssociationId })
    await ec2.releaseAddress({ AllocationId })
    await assert.rejects(ec2.describeAddresses({ AllocationIds: [AllocationId ?? ''] }), {
      name: 'InvalidAllocationID.NotFound',
    })
  })

  it('a VPC with private subnets, as CDK writes it, is made and goes without a trace', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-vpc-'))
    const stack = ['--stack-name', 'private']
    try {
      await writeFile(join(folder, 'vpc.json'), JSON.stringify(privateVpc))
      await platform.aws(
        ...['cloudformation', 'create-stack', ...stack],
        ...['--template-body', `file://${join(folder, 'vpc.json')}`],
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    await platform.aws('cloudformation', 'wait', 'stack-create-complete', ...stack)
    const { NatGateways: made = [] } = await ec2.describeNatGateways({})
    assert.equal(made[0]?.State, 'available')
    const address = made[0]?.NatGatewayAddresses?.[0]
    const { Addresses = [] } = await ec2.describeAddresses({})
    assert.deepEqual(
      Addresses.map((each) => [each.AllocationId, each.NetworkInterfaceId]),
      [[address?.AllocationId, address?.NetworkInterfaceId]],
    )
    const tables = await ec2.describeRouteTables({
      Filters: [{ Name: 'route.nat-gateway-id', Values: [made[0]?.NatGatewayId ?? ''] }],
    })
    assert.equal(tables.RouteTables?.length, 1)
    await platform.aws('cloudformation', 'delete-stack', ...stack)
    await platform.aws('cloudformation', 'wait', 'stack-delete-complete', ...stack)
    assert.deepEqual((await ec2.describeAddresses({})).Addresses, [])
    assert.deepEqual((await ec2.describeNatGateways({})).NatGateways, [])
  })

  it('another VPC and the host machine are out of reach', async () => {
    const taken: string[] = []
    const listening = await listenEverywhere((address) => taken.push(address))
    try {
      const { port } = listening.address() as { port: number }
      const own = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
      const addresses = own.filter((each) => each.family === 'IPv4').map((each) => each.address)
      const doors = addresses.flatMap((each) => [`${each}/${port}`, `${each}/${platform.port}`])
      assert.deepEqual(await reached(client, doors), [])
      assert.deepEqual(taken, [])
    } finally {
      listening.close()
    }
    const across = [`${web.address}/8080`, `${client.address}/8080`]
    if (client.publicAddress !== '') across.push(`${client.publicAddress}/8080`)
    assert.deepEqual(await reached(foreigner, across), [])
    const relay = '169.254.169.254/4566'
    assert.deepEqual(await reached(client, [`${foreigner.address}/8080`, relay]), [relay])
  })

  it("the host's files and our data directory are not there", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-secret-'))
    try {
      await writeFile(join(folder, 'secret'), 'a secret of the host')
      const paths = [folder, platform.dataDirectory, platform.runDirectory, process.cwd()]
      const seen = await sh(
        client,
        `for p in ${paths.join(' ')}; do [ -e "$p" ] && echo "$p"; done; grep -rls 'a secret of the host' /root /home /tmp /var /etc /run`,
      )
      assert.equal(seen, '')
      const around = await sh(client, `ls /proc/1/root${platform.dataDirectory} 2>&1`)
      assert.match(around, /No such file/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it("/proc, devices and capabilities are at most those of Docker's containers", async () => {
    const status = await sh(client, 'grep -E "Cap(Bnd|Eff|Prm)|NoNewPrivs" /proc/self/status')
    for (const [, digits = ''] of status.matchAll(/Cap\w+:\s+([0-9a-f]+)/g)) {
      assert.equal(BigInt(`0x${digits}`) & ~dockerCapabilities, 0n, status)
    }
    const devices = (await sh(client, 'find /dev -type b -o -type c | sort')).split('\n')
    const usual =
      /^\/dev\/(full|null|ptmx|random|tty|urandom|zero|console|pts\/(ptmx|\d+)|fuse|net\/tun)$/
    assert.deepEqual(
      devices.filter((device) => !usual.test(device)),
      [],
    )
    const refused = [
      'mount -t tmpfs none /mnt',
      'echo 1 > /proc/sys/kernel/panic',
      'echo h > /proc/sysrq-trigger && dmesg --clear && false || [ -w /dev/kmsg ]',
      'echo 0 > /sys/class/net/eth0/carrier',
      'mknod /tmp/disk b 8 0 && head -c 1 /tmp/disk',
      'head -c 1 /proc/kcore | grep -q .',
      'nsenter --target 1 --mount --net=/proc/1/ns/net sh -c "umount /proc"',
      'ip link set eth0 address 02:00:00:00:00:99',
    ]
    const script = refused.map((command, at) => `{ ${command}; } >/dev/null 2>&1 && echo ${at}`)
    assert.equal(await sh(client, script.join('; ')), '')
    const pids = await sh(client, 'ls -d /proc/[0-9]* | wc -l')
    assert.ok(Number(pids) < 30, 'it sees its own processes alone')
  })
})

function listenEverywhere(onClient: (address: string) => void): Promise<Server> {
  const listening = createServer((socket) => {
    onClient(socket.remoteAddress ?? '')
    socket.destroy()
  })
  return new Promise((resolve) => listening.listen(0, '0.0.0.0', () => resolve(listening)))
}

const vpcRef = { VpcId: { Ref: 'Vpc' } }
const everywhere = { DestinationCidrBlock: '0.0.0.0/0' }

/** What CDK's `ec2.Vpc` writes for one zone, without its names. */
const privateVpc = {
  Resources: {
    Vpc: {
      Type: 'AWS::EC2::VPC',
      Properties: { CidrBlock: '10.8.0.0/16', EnableDnsHostnames: true, EnableDnsSupport: true },
    },
    Public: {
      Type: 'AWS::EC2::Subnet',
      Properties: { ...vpcRef, CidrBlock: '10.8.0.0/18', MapPublicIpOnLaunch: true },
    },
    Private: { Type: 'AWS::EC2::Subnet', Properties: { ...vpcRef, CidrBlock: '10.8.64.0/18' } },
    Igw: { Type: 'AWS::EC2::InternetGateway' },
    Attached: {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { ...vpcRef, InternetGatewayId: { Ref: 'Igw' } },
    },
    PublicTable: { Type: 'AWS::EC2::RouteTable', Properties: vpcRef },
    PublicRoute: {
      Type: 'AWS::EC2::Route',
      Properties: {
        ...everywhere,
        RouteTableId: { Ref: 'PublicTable' },
        GatewayId: { Ref: 'Igw' },
      },
      DependsOn: ['Attached'],
    },
    Eip: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } },
    Nat: {
      Type: 'AWS::EC2::NatGateway',
      Properties: {
        SubnetId: { Ref: 'Public' },
        AllocationId: { 'Fn::GetAtt': ['Eip', 'AllocationId'] },
      },
      DependsOn: ['PublicRoute'],
    },
    PrivateTable: { Type: 'AWS::EC2::RouteTable', Properties: vpcRef },
    PrivateAssociation: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { RouteTableId: { Ref: 'PrivateTable' }, SubnetId: { Ref: 'Private' } },
    },
    PrivateRoute: {
      Type: 'AWS::EC2::Route',
      Properties: {
        ...everywhere,
        RouteTableId: { Ref: 'PrivateTable' },
        NatGatewayId: { Ref: 'Nat' },
      },
    },
    Acl: { Type: 'AWS::EC2::NetworkAcl', Properties: vpcRef },
    AclEntry: {
      Type: 'AWS::EC2::NetworkAclEntry',
      Properties: {
        ...{ NetworkAclId: { Ref: 'Acl' }, RuleNumber: 100, Protocol: -1 },
        ...{ RuleAction: 'allow', CidrBlock: '0.0.0.0/0' },
      },
    },
    AclAssociation: {
      Type: 'AWS::EC2::SubnetNetworkAclAssociation',
      Properties: { NetworkAclId: { Ref: 'Acl' }, SubnetId: { Ref: 'Private' } },
    },
  },
}
