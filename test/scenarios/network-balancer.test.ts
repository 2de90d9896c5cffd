import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeregisterTargetsCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { startPlatform, until, type Platform } from '../harness/platform.ts'

const serving = `#!/bin/sh
cat > /server.mjs <<'END'
import dgram from 'node:dgram'
import { hostname } from 'node:os'
import net from 'node:net'
net.createServer((s) => s.on('error', () => undefined).on('data', (b) => s.write('echo ' + b))).listen(7000)
net.createServer((s) => s.on('error', () => undefined).end(s.remoteAddress)).listen(7002, '0.0.0.0')
const datagrams = dgram.createSocket('udp4')
datagrams.on('message', (m, from) => datagrams.send(from.address + ' ' + hostname(), from.port, from.address)).bind(7001)
END
setsid /opt/evenkeel/bin/node /server.mjs >/dev/null 2>&1 &
`

describe('a network balancer', () => {
  let platform: Platform
  let ec2: EC2Client
  let elb: ElasticLoadBalancingV2Client
  let instanceId = ''

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    ec2 = new EC2Client({ endpoint, credentials, region: 'us-east-1' })
    elb = new ElasticLoadBalancingV2Client({ endpoint, credentials, region: 'us-east-1' })
  })

  after(async () => {
    ec2.destroy()
    elb.destroy()
    await platform.stop()
  })

  async function launch(SubnetId: string): Promise<string> {
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12345678',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        SubnetId,
        UserData: Buffer.from(serving).toString('base64'),
      }),
    )
    const id = Instances?.[0]?.InstanceId ?? ''
    await until('the instance runs', async () => {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
      return Reservations?.[0]?.Instances?.[0]?.State?.Name === 'running'
    })
    return id
  }

  /** Listeners whose targets see who asks: datagrams, and connections that are passed on as they are. */
  async function serveSeen(VpcId: string): Promise<void> {
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}))
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}))
    for (const [Protocol, Port] of [
      ['UDP', 7001],
      ['TCP', 7002],
    ] as const) {
      const open = { FromPort: Port, ToPort: Port, CidrIp: '0.0.0.0/0' }
      const GroupId = SecurityGroups?.[0]?.GroupId
      const IpProtocol = Protocol.toLowerCase()
      await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpProtocol, ...open }))
      const check = { HealthCheckProtocol: 'TCP', HealthCheckPort: '7000' } as const
      const group = { Name: `seen-${IpProtocol}`, Protocol, Port, VpcId, ...check }
      const { TargetGroups } = await elb.send(new CreateTargetGroupCommand(group))
      const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn
      const Attributes = [{ Key: 'preserve_client_ip.enabled', Value: 'true' }]
      await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }))
      const DefaultActions = [{ Type: 'forward', TargetGroupArn }] as const
      const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn
      const listener = { LoadBalancerArn, Protocol, Port, DefaultActions: [...DefaultActions] }
      await elb.send(new CreateListenerCommand(listener))
      await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: instanceId }] }))
    }
  }

  async function serveTcp(SubnetId: string, VpcId: string): Promise<void> {
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}))
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: SecurityGroups?.[0]?.GroupId,
        IpProtocol: 'tcp',
        FromPort: 7000,
        ToPort: 7000,
        CidrIp: '0.0.0.0/0',
      }),
    )
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({ Name: 'flow', Type: 'network', Subnets: [SubnetId] }),
    )
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({ Name: 'flow', Protocol: 'TCP', Port: 7000, VpcId }),
    )
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn,
        Protocol: 'TCP',
        Port: 7000,
        DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      }),
    )
    instanceId = await launch(SubnetId)
    const Targets = [{ Id: instanceId }]
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }))
    await until('the target is healthy', async () => {
      const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))
      return health.TargetHealthDescriptions?.[0]?.TargetHealth?.State === 'healthy'
    })
  }

  async function publicAddress(): Promise<string> {
    const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}))
    const node = NetworkInterfaces.find((one) => one.Description?.startsWith('ELB net/flow/'))
    return node?.Association?.PublicIp ?? ''
  }

  it('checks its targets, and joins connections to them', async (t) => {
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
    await serveTcp(Subnets[0]?.SubnetId ?? '', Subnets[0]?.VpcId ?? '')
    await until(
      'it answers on the loopback under its own port',
      async () => (await echoFrom('127.0.0.1')) === 'echo hello',
    )
    const address = await publicAddress()
    if (address === '' || process.getuid?.() !== 0 || platform.driver !== 'namespaces') {
      t.diagnostic('public addresses answer as root with the namespaces driver only')
      return
    }
    assert.equal(await echoFrom(address), 'echo hello')
  })

  it('passes datagrams and connections on with the address that they came from', async (t) => {
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
    const address = await publicAddress()
    if (address === '' || process.getuid?.() !== 0 || platform.driver !== 'namespaces') {
      t.diagnostic('public addresses answer as root with the namespaces driver only')
      return
    }
    await serveSeen(Subnets[0]?.VpcId ?? '')
    const socket = createSocket('udp4')
    let answer = ''
    socket.on('message', (bytes) => (answer = bytes.toString()))
    t.after(() => socket.close())
    const sends = setInterval(() => socket.send('who am I', 7001, address), 30)
    t.after(() => clearInterval(sends))
    await until('a datagram is answered', () => Promise.resolve(answer !== ''))
    const [seen = '', served] = answer.split(' ')
    // The host's end of its link to the VPC: no address of the balancer or of the VPC.
    assert.match(seen, /^169\.254\./)
    await until('a connection is passed on', async () => (await lineFrom(address)) === seen)
    const other = await launch(Subnets[0]?.SubnetId ?? '')
    const group = await elb.send(new DescribeTargetGroupsCommand({ Names: ['seen-udp'] }))
    const TargetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: other }] }))
    await until('both targets are healthy', async () => {
      const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))
      const states = health.TargetHealthDescriptions?.map((one) => one.TargetHealth?.State)
      return states?.length === 2 && states.every((state) => state === 'healthy')
    })
    assert.equal(answer.split(' ')[1], served, 'a sender stays with its target')
    const Targets = [{ Id: instanceId }]
    await elb.send(new DeregisterTargetsCommand({ TargetGroupArn, Targets }))
    const isElsewhere = (): boolean => answer.split(' ')[1] !== served
    await until('the same port of the sender is served by another', () =>
      Promise.resolve(isElsewhere()),
    )
  })

  async function lineFrom(host: string): Promise<string> {
    const socket = connect({ host, port: 7002, timeout: 1000 })
    socket.once('timeout', () => socket.destroy())
    try {
      let text = ''
      for await (const part of socket) text += String(part)
      return text
    } catch {
      return ''
    }
  }

  async function echoFrom(host: string): Promise<string> {
    const socket = connect({ host, port: 7000, timeout: 5000 })
    socket.once('timeout', () => socket.destroy(new Error('no answer')))
    try {
      socket.setEncoding('utf8').write('hello')
      return await new Promise<string>((resolve, reject) => {
        socket
          .once('data', (part) => resolve(String(part)))
          .once('error', reject)
          .once('close', () => reject(new Error('closed')))
      })
    } finally {
      socket.destroy()
    }
  }
})
