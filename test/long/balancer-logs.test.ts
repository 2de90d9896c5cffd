import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { connect as connectPlainly } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { connect } from 'node:tls'
import { gunzipSync } from 'node:zlib'
import { ACMClient, ImportCertificateCommand } from '@aws-sdk/client-acm'
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2'
import {
  CreateLoadBalancerCommand as CreateClassicCommand,
  ElasticLoadBalancingClient,
  ModifyLoadBalancerAttributesCommand as ModifyClassicCommand,
  RegisterInstancesWithLoadBalancerCommand,
} from '@aws-sdk/client-elastic-load-balancing'
import {
  CreateListenerCommand,
  type CreateListenerCommandInput,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyLoadBalancerAttributesCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { openKeyring, type Keyring } from '../../src/testing/conformance/data-plane-keyring.ts'
import { get, startPlatform, until, type Platform } from '../harness/platform.ts'

/** On the host's loopback too, under its own number. */
const relayPort = 5291
const Bucket = 'balancer-logs'

/** HTTP, HTTPS, and bytes inside TLS. */
function serving({ certificate, privateKey }: { certificate: string; privateKey: string }): string {
  return `#!/bin/sh
cat > /inside.pem <<'END'
${certificate}
END
cat > /inside.key <<'END'
${privateKey}
END
cat > /server.mjs <<'END'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import tls from 'node:tls'
const pair = { cert: readFileSync('/inside.pem'), key: readFileSync('/inside.key') }
http.createServer((q, s) => s.end('plain')).listen(80)
https.createServer(pair, (q, s) => s.end('secured')).listen(443)
tls.createServer(pair, (s) => s.on('error', () => 0).on('data', (b) => s.write('echo ' + b))).listen(8443)
END
setsid /opt/evenkeel/bin/node /server.mjs >/dev/null 2>&1 &
`
}

describe('balancers before targets inside TLS, and their access logs', () => {
  let platform: Platform
  let keyring: Keyring
  let acm: ACMClient
  let ec2: EC2Client
  let elb: ElasticLoadBalancingV2Client
  let classic: ElasticLoadBalancingClient
  let s3: S3Client
  let subnets: string[]
  let vpcId: string | undefined
  let instanceId: string

  before(async () => {
    platform = await startPlatform('--access-log-seconds', '2')
    const { endpoint, credentials } = platform
    const options = { endpoint, credentials, region: 'us-east-1' }
    acm = new ACMClient(options)
    ec2 = new EC2Client(options)
    elb = new ElasticLoadBalancingV2Client(options)
    classic = new ElasticLoadBalancingClient(options)
    s3 = new S3Client(options)
    keyring = await openKeyring()
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
    subnets = Subnets.map(({ SubnetId = '' }) => SubnetId)
    vpcId = Subnets[0]?.VpcId
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}))
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        ...{ GroupId: SecurityGroups?.[0]?.GroupId, IpProtocol: 'tcp', CidrIp: '0.0.0.0/0' },
        ...{ FromPort: 1, ToPort: 65_535 },
      }),
    )
    instanceId = await launch()
    await s3.send(new CreateBucketCommand({ Bucket }))
    const Resource = `arn:aws:s3:::${Bucket}`
    const Service = 'delivery.logs.amazonaws.com'
    const Statement = [
      {
        ...{ Effect: 'Allow', Principal: { AWS: '127311923021', Service } },
        ...{ Action: 's3:PutObject', Resource: `${Resource}/*` },
      },
      { Effect: 'Allow', Principal: { Service }, Action: 's3:GetBucketAcl', Resource },
    ]
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  })

  after(async () => {
    for (const client of [acm, ec2, elb, classic, s3]) client?.destroy()
    await platform?.stop()
  })

  async function launch(): Promise<string> {
    const UserData = Buffer.from(serving(await keyring.of('inside.test'))).toString('base64')
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ...{ ImageId: 'ami-12345678', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
        UserData,
      }),
    )
    const id = Instances?.[0]?.InstanceId ?? ''
    await until('the instance runs', async () => {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
      return Reservations?.[0]?.Instances?.[0]?.State?.Name === 'running'
    })
    return id
  }

  async function balancer(Name: string, Type: 'application' | 'network') {
    const made = await elb.send(new CreateLoadBalancerCommand({ Name, Type, Subnets: subnets }))
    const [found] = made.LoadBalancers ?? []
    return { arn: found?.LoadBalancerArn ?? '', dnsName: found?.DNSName ?? '' }
  }

  /** A group with the instance in it, once it is healthy behind a listener. */
  async function listen(
    LoadBalancerArn: string,
    group: { Name: string; Protocol: 'HTTPS' | 'TLS'; Port: number },
    listener: Omit<CreateListenerCommandInput, 'LoadBalancerArn' | 'DefaultActions'>,
  ): Promise<void> {
    const check = { HealthCheckProtocol: group.Protocol === 'TLS' ? 'TCP' : 'HTTPS' } as const
    const made = await elb.send(new CreateTargetGroupCommand({ ...group, ...check, VpcId: vpcId }))
    const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn
    const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn }]
    await elb.send(new CreateListenerCommand({ LoadBalancerArn, DefaultActions, ...listener }))
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: instanceId }] }))
    await until('the target is healthy', async () => {
      const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))
      return health.TargetHealthDescriptions?.[0]?.TargetHealth?.State === 'healthy'
    })
  }

  const ask = (host: string, path: string): Promise<string> =>
    get(platform, path, host).then(
      ({ body }) => body,
      () => '',
    )

  async function logLines(kind: RegExp): Promise<string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }))
    const lines: string[] = []
    for (const { Key = '' } of Contents) {
      if (!kind.test(Key)) continue
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }))
      const bytes = (await Body?.transformToByteArray()) ?? Buffer.alloc(0)
      const text = Key.endsWith('.gz') ? gunzipSync(bytes) : bytes
      lines.push(...Buffer.from(text).toString().trimEnd().split('\n'))
    }
    return lines
  }

  it('a TLS listener ends TLS with its certificate and begins it anew before its targets', async () => {
    const front = await keyring.of('front.test')
    const { CertificateArn } = await acm.send(
      new ImportCertificateCommand({
        Certificate: Buffer.from(front.certificate),
        PrivateKey: Buffer.from(front.privateKey),
      }),
    )
    const { arn } = await balancer('relay', 'network')
    await listen(
      arn,
      { Name: 'inside', Protocol: 'TLS', Port: 8443 },
      { Protocol: 'TLS', Port: relayPort, Certificates: [{ CertificateArn }] },
    )
    const echo = await until('the relay answers', () => handshake(keyring.authority.pem))
    assert.equal(echo, 'echo hello')
    await record(arn)
    const lines = await until('connections are recorded', async () => {
      await handshake(keyring.authority.pem)
      await new Promise((resolve) => {
        const plain = connectPlainly(relayPort, '127.0.0.1').resume()
        plain.on('error', () => undefined).on('close', resolve)
        plain.end('GET / HTTP/1.0\r\n\r\n')
      })
      const found = await logLines(/_net\.relay\.\w+_\w+_\w+\.log\.gz$/)
      const [ended, failed] = [/ 5 10 - arn:/, / \d+ - 0 0 - /].map((sign) =>
        found.find((line) => sign.test(line)),
      )
      return ended !== undefined && failed !== undefined ? [ended, failed] : undefined
    })
    assert.match(
      lines[0] ?? '',
      /^tls 2\.0 \S{19} net\/relay\/\w+ \w{16} 127\.0\.0\.1:\d+ 172\.31\.\d+\.\d+:5291 \d+ \d+ 5 10 - arn:aws:acm:\S+ - ECDHE-\S+ tlsv12 - front\.test - - - \S{19}$/,
    )
    assert.match(lines[1] ?? '', / \d+ - 0 0 - - - - - - - - - - \S{19}$/)
  })

  /** What a client hears that says hello. */
  async function handshake(ca: string): Promise<string | undefined> {
    const place = { host: '127.0.0.1', port: relayPort, servername: 'front.test' }
    const socket = connect({ ...place, ca })
    try {
      await once(socket, 'secureConnect')
      socket.write('hello')
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      return String(bytes)
    } catch {
      return undefined
    } finally {
      socket.destroy()
    }
  }

  async function record(LoadBalancerArn: string): Promise<void> {
    await elb.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn,
        Attributes: [
          { Key: 'access_logs.s3.enabled', Value: 'true' },
          { Key: 'access_logs.s3.bucket', Value: Bucket },
        ],
      }),
    )
  }

  it('what is a second old when a gateway is killed comes into the bucket all the same', async (t) => {
    const { arn, dnsName } = await balancer('logged', 'application')
    await listen(
      arn,
      { Name: 'https', Protocol: 'HTTPS', Port: 443 },
      { Protocol: 'HTTP', Port: 80 },
    )
    await record(arn)
    await until('requests are recorded', async () => {
      assert.equal(await ask(dnsName, '/first'), 'secured')
      return (await logLines(/_app\.logged\./)).length > 0
    })
    const paths = Array.from({ length: 300 }, (_, index) => `/n${index}`)
    for (const path of paths.slice(0, 150)) assert.equal(await ask(dnsName, path), 'secured')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const killed = killGateway(new Set(readdirSync(join(platform.runDirectory, 'gateways'))))
    t.diagnostic(killed === undefined ? 'no gateway could be killed here' : `killed ${killed}`)
    for (const path of paths.slice(150)) await ask(dnsName, path)
    const missing = await until('all have come', async () => {
      const lines = await logLines(/_app\.logged\./)
      const left = paths.filter((path) => !lines.some((line) => line.includes(`:80${path} HTTP`)))
      return left.length === 0 ? left : undefined
    })
    assert.deepEqual(missing, [])
    const [line = ''] = await logLines(/_app\.logged\./)
    assert.match(
      line,
      /^http \S+ app\/logged\/\w+ 127\.0\.0\.1:\d+ 172\.31\.\d+\.\d+:443 0\.\d{3} 0/,
    )
    assert.match(
      line,
      / 200 200 \d+ \d+ "GET http:\/\/logged\S+ HTTP\/1\.1" "-" - - arn:\S+ "Root=/,
    )
  })

  it('a classic balancer’s lines are its own', async () => {
    const LoadBalancerName = 'old'
    const { DNSName = '' } = await classic.send(
      new CreateClassicCommand({
        LoadBalancerName,
        Listeners: [{ Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 80 }],
        Subnets: subnets,
      }),
    )
    const Instances = [{ InstanceId: instanceId }]
    await classic.send(
      new RegisterInstancesWithLoadBalancerCommand({ LoadBalancerName, Instances }),
    )
    const AccessLog = { Enabled: true, S3BucketName: Bucket, EmitInterval: 5 }
    await classic.send(
      new ModifyClassicCommand({ LoadBalancerName, LoadBalancerAttributes: { AccessLog } }),
    )
    const line = await until('a line of 200 has come', async () => {
      await ask(DNSName, '/old')
      const lines = await logLines(/_old_/)
      return lines.find((one) => one.includes(' 200 200 '))
    })
    assert.match(
      line,
      /^\S+ old 127\.0\.0\.1:\d+ 172\.31\.\d+\.\d+:80 0\.\d{6} 0\.\d{6} 0\.\d{6} 200 200 0 5 "GET http:\/\/old-\S+:80\/old HTTP\/1\.1" "-" - -$/,
    )
  })
})

/** The id of a gateway whose process was killed; undefined where processes of machines are not to be seen. */
function killGateway(own: ReadonlySet<string>): string | undefined {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1')
      const id = /EVENKEEL_GATEWAY=(gw-\w+)/.exec(environment)?.[1]
      if (id === undefined || !words.includes('gateway/main.ts')) continue
      if (!own.has(id)) continue
      process.kill(Number(pid), 'SIGKILL')
      return id
    } catch {
      // It has ended, or belongs to somebody else.
    }
  }
  return undefined
}
