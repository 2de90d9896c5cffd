import assert from 'node:assert/strict'
import http from 'node:http'
import { once } from 'node:events'
import { connect as openSession, type ClientHttp2Session } from 'node:http2'
import https from 'node:https'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { connect as secured } from 'node:tls'
import { gunzipSync } from 'node:zlib'
import {
  ACMClient,
  DeleteCertificateCommand,
  GetCertificateCommand,
  RequestCertificateCommand,
} from '@aws-sdk/client-acm'
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
  AddListenerCertificatesCommand,
  CreateListenerCommand,
  CreateRuleCommand,
  DescribeListenersCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeLoadBalancersCommand,
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
import { startPlatform, until, type Platform } from '../harness/platform.ts'

const serving = `#!/bin/sh
cat > /server.mjs <<'END'
import http from 'node:http'
import http2 from 'node:http2'
http.createServer((q, s) => s.end('proto=' + q.headers['x-forwarded-proto'])).listen(80)
http2.createServer().on('stream', (s, q) => {
  const isCall = q[':path'].startsWith('/demo.Echo/')
  s.respond({ 'content-type': 'application/grpc', ...(isCall ? {} : { 'grpc-status': '12' }) }, { endStream: !isCall, waitForTrailers: isCall })
  s.on('error', () => undefined).on('wantTrailers', () => s.sendTrailers({ 'grpc-status': '0' }))
  if (isCall) s.on('data', (b) => s.write(b)).on('end', () => s.end())
}).listen(50051)
END
setsid /opt/evenkeel/bin/node /server.mjs >/dev/null 2>&1 &
`

interface Answer {
  readonly status: number
  readonly body: string
}

describe('a site over HTTPS', () => {
  let platform: Platform
  let acm: ACMClient
  let ec2: EC2Client
  let elb: ElasticLoadBalancingV2Client
  let instanceId = ''
  let s3: S3Client
  let balancer: { arn: string; dnsName: string }

  before(async () => {
    platform = await startPlatform('--access-log-seconds', '1')
    const options = {
      endpoint: platform.endpoint,
      credentials: platform.credentials,
      region: 'us-east-1',
    }
    acm = new ACMClient(options)
    ec2 = new EC2Client(options)
    elb = new ElasticLoadBalancingV2Client(options)
    s3 = new S3Client(options)
  })

  after(async () => {
    for (const client of [acm, ec2, elb, s3]) client.destroy()
    await platform.stop()
  })

  async function certificateFor(DomainName: string): Promise<{ arn: string; ca: string }> {
    const { CertificateArn } = await acm.send(
      new RequestCertificateCommand({ DomainName, ValidationMethod: 'DNS' }),
    )
    const { CertificateChain = '' } = await acm.send(new GetCertificateCommand({ CertificateArn }))
    return { arn: CertificateArn ?? '', ca: CertificateChain }
  }

  async function serveHttps(first: string, second: string): Promise<string> {
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({}))
    for (const port of [80, 443]) {
      await ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: SecurityGroups?.[0]?.GroupId,
          IpProtocol: 'tcp',
          FromPort: port,
          ToPort: port,
          CidrIp: '0.0.0.0/0',
        }),
      )
    }
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: 'secure',
        Subnets: Subnets.map((subnet) => subnet.SubnetId ?? ''),
      }),
    )
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({
        Name: 'secure',
        Protocol: 'HTTP',
        Port: 80,
        VpcId: Subnets[0]?.VpcId,
      }),
    )
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn
    const { Listeners } = await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Protocol: 'HTTPS',
        Port: 443,
        Certificates: [{ CertificateArn: first }],
        DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      }),
    )
    const ListenerArn = Listeners?.[0]?.ListenerArn
    const Certificates = [{ CertificateArn: second }]
    await elb.send(new AddListenerCertificatesCommand({ ListenerArn, Certificates }))
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: [
          {
            Type: 'redirect',
            RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
          },
        ],
      }),
    )
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12345678',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        UserData: Buffer.from(serving).toString('base64'),
      }),
    )
    const Id = Instances?.[0]?.InstanceId ?? ''
    instanceId = Id
    await until('the instance runs', async () => {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [Id] }))
      return Reservations?.[0]?.Instances?.[0]?.State?.Name === 'running'
    })
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id }] }))
    await until('the target is healthy', async () => {
      const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))
      return health.TargetHealthDescriptions?.[0]?.TargetHealth?.State === 'healthy'
    })
    balancer = { arn: LoadBalancerArn ?? '', dnsName: await dnsNameOnceActive() }
    return balancer.dnsName
  }

  /** A target is healthy as soon as one node finds it so: nodes in other zones may be on their way still. */
  async function dnsNameOnceActive(): Promise<string> {
    let dnsName = ''
    await until('the balancer is active', async () => {
      const described = await elb.send(new DescribeLoadBalancersCommand({ Names: ['secure'] }))
      const [found] = described.LoadBalancers ?? []
      dnsName = found?.DNSName ?? ''
      return found?.State?.Code === 'active'
    })
    return dnsName
  }

  /** The listener was made a moment ago, and each node hears of it by itself. */
  function takesConnections(host: string): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host, port: 443 })
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
  }

  /** The balancer's node as the host reaches it: by its public address. */
  async function publicAddress(): Promise<string> {
    const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}))
    const node = NetworkInterfaces.find((one) => one.Description?.startsWith('ELB app/secure/'))
    return node?.Association?.PublicIp ?? ''
  }

  function redirectOf(host: string): Promise<string> {
    const request = { host: '127.0.0.1', port: platform.sitePort, path: '/a?b=c' }
    return new Promise((resolve, reject) => {
      http
        .get({ ...request, headers: { host }, agent: false }, (response) => {
          response.resume()
          resolve(`${response.statusCode} ${response.headers.location}`)
        })
        .on('error', reject)
    })
  }

  function ask(
    place: { host: string; port: number },
    servername: string,
    ca: string,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { host: servername }
      https
        .get({ ...place, servername, ca, headers, agent: false }, (response) => {
          let body = ''
          response.setEncoding('utf8').on('data', (text: string) => (body += text))
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
        })
        .on('error', reject)
    })
  }

  it('shows each name its certificate, redirects HTTP, and keeps a certificate in use', async (t) => {
    const first = await certificateFor('first.test')
    const second = await certificateFor('*.second.test')
    const dnsName = await serveHttps(first.arn, second.arn)
    const location = await redirectOf(dnsName)
    assert.equal(location, `301 https://${dnsName}:443/a?b=c`)
    await assert.rejects(acm.send(new DeleteCertificateCommand({ CertificateArn: second.arn })), {
      name: 'ResourceInUseException',
    })
    const asked = async (place: { host: string; port: number }): Promise<void> => {
      for (const [name, { ca }] of [
        ['first.test', first],
        ['www.second.test', second],
      ] as const) {
        assert.deepEqual(await ask(place, name, ca), { status: 200, body: 'proto=https' })
      }
      await assert.rejects(ask(place, 'third.test', first.ca), /altnames/)
    }
    const sitePort = { host: '127.0.0.1', port: platform.sitePort }
    await until('the site port leads to the listener', () =>
      ask(sitePort, 'first.test', first.ca).then(
        () => true,
        () => false,
      ),
    )
    await asked(sitePort)
    const address = await publicAddress()
    if (address === '' || process.getuid?.() !== 0 || platform.driver !== 'namespaces') {
      t.diagnostic('public addresses answer as root with the namespaces driver only')
      return
    }
    await until('the node listens', () => takesConnections(address))
    await asked({ host: address, port: 443 })
  })

  /** A group of gRPC behind a rule of its own; resolves when its target is healthy. */
  async function serveCalls(): Promise<void> {
    const group = {
      Name: 'calls',
      Protocol: 'HTTP',
      ProtocolVersion: 'GRPC',
      Port: 50_051,
    } as const
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}))
    const { TargetGroups } = await elb.send(
      new CreateTargetGroupCommand({ ...group, VpcId: LoadBalancers?.[0]?.VpcId }),
    )
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn
    await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: instanceId }] }))
    const { Listeners = [] } = await elb.send(
      new DescribeListenersCommand({ LoadBalancerArn: balancer.arn }),
    )
    const ListenerArn = Listeners.find(({ Protocol }) => Protocol === 'HTTPS')?.ListenerArn
    await elb.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority: 1,
        Conditions: [{ Field: 'path-pattern', Values: ['/demo.Echo/*'] }],
        Actions: [{ Type: 'forward', TargetGroupArn }],
      }),
    )
    await until('its target answers checks of gRPC', async () => {
      const health = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn }))
      return health.TargetHealthDescriptions?.[0]?.TargetHealth?.State === 'healthy'
    })
  }

  it('speaks HTTP/2, and passes calls of gRPC on with their trailers', async (t) => {
    const address = await publicAddress()
    if (address === '' || process.getuid?.() !== 0 || platform.driver !== 'namespaces') {
      t.diagnostic('public addresses answer as root with the namespaces driver only')
      return
    }
    await serveCalls()
    const options = { rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] }
    const session = openSession('https://first.test', {
      createConnection: () => secured({ ...options, host: address, port: 443 }),
    })
    t.after(() => session.destroy())
    const page = session.request({ ':path': '/' }).setEncoding('utf8')
    const parts: string[] = []
    for await (const part of page) parts.push(String(part))
    assert.equal(parts.join(''), 'proto=https')
    // The rule is on its way to the node; until then the page's own group is meant, which takes no calls.
    await until('a call is answered', async () => (await echoOf(session)) === 'one two 0')
    const LoadBalancerArn = balancer.arn
    const Attributes = [{ Key: 'routing.http2.enabled', Value: 'false' }]
    await elb.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes }))
    await until('HTTP/2 is not offered any more', async () => {
      const socket = secured({ ...options, host: address, port: 443 })
      await once(socket, 'secureConnect')
      const { alpnProtocol } = socket
      socket.destroy()
      return alpnProtocol === 'http/1.1'
    })
  })

  /** Two messages in turns and the status: what came back of them. */
  async function echoOf(session: ClientHttp2Session): Promise<string> {
    const head = {
      ':method': 'POST',
      ':path': '/demo.Echo/Say',
      'content-type': 'application/grpc',
    }
    const call = session.request({ ...head, te: 'trailers' }, { endStream: false })
    let status = ''
    let heard = ''
    call.on('trailers', (trailers) => (status = String(trailers['grpc-status'])))
    call.setEncoding('utf8').on('data', (text: string) => {
      heard += text
      if (heard === 'one ') call.end('two ')
    })
    call.on('response', (answer) => {
      if (answer[':status'] !== 200) call.end()
    })
    call.write('one ')
    await once(call, 'close')
    return heard + status
  }

  async function enableLogs(): Promise<void> {
    const attributes = { enabled: 'true', bucket: 'site-logs', prefix: 'web' }
    await elb.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: balancer.arn,
        Attributes: Object.entries(attributes).map(([name, Value]) => ({
          Key: `access_logs.s3.${name}`,
          Value,
        })),
      }),
    )
  }

  /** The lines that have come so far, with their object's key. */
  async function logLines(): Promise<{ key: string; line: string }[]> {
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: 'site-logs' }))
    const lines = []
    for (const { Key: key = '' } of listed.Contents ?? []) {
      if (!key.endsWith('.gz')) continue
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'site-logs', Key: key }))
      const text = gunzipSync((await Body?.transformToByteArray()) ?? '').toString()
      for (const line of text.trimEnd().split('\n')) lines.push({ key, line })
    }
    return lines
  }

  it('writes what it was asked into a bucket whose policy lets it', async () => {
    const refusal = {
      name: 'InvalidConfigurationRequestException',
      message: 'Access Denied for bucket: site-logs. Please check S3bucket permission',
    }
    await assert.rejects(enableLogs(), refusal)
    await s3.send(new CreateBucketCommand({ Bucket: 'site-logs' }))
    await assert.rejects(enableLogs(), refusal)
    const [, , , , account] = balancer.arn.split(':')
    const Statement = {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::127311923021:root' },
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::site-logs/web/AWSLogs/${account}/*`,
    }
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'site-logs', Policy }))
    await enableLogs()
    const test = `web/AWSLogs/${account}/ELBAccessLogTestFile`
    await s3.send(new GetObjectCommand({ Bucket: 'site-logs', Key: test }))
    const { key, line } = await until('a request is in the log', async () => {
      await redirectOf(balancer.dnsName)
      return (await logLines()).at(0)
    })
    const [, , , , , id = ''] = balancer.arn.split(/[:]/)
    const name = id.replace('loadbalancer/', '').replaceAll('/', '.')
    const folder = `^web/AWSLogs/${account}/elasticloadbalancing/us-east-1/\\d{4}/\\d\\d/\\d\\d/`
    const file = `${account}_elasticloadbalancing_us-east-1_${name}_\\d{8}T\\d{4}Z_[\\d.]+_[0-9a-f]+\\.log\\.gz$`
    assert.match(key, new RegExp(folder + file))
    const stamp = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z`
    const url = `"GET http://${balancer.dnsName}:80/a?b=c HTTP/1.1"`
    const location = `"https://${balancer.dnsName}:443/a?b=c"`
    const escaped = (text: string): string => text.replaceAll(/[.?/]/g, String.raw`\$&`)
    assert.match(
      line,
      new RegExp(
        `^http ${stamp} ${id.replace('loadbalancer/', '')} 127\\.0\\.0\\.1:\\d+ - -1 -1 -1 301 - \\d+ \\d+ ` +
          `${escaped(url)} "-" - - - "-" "-" "-" 0 ${stamp} "redirect" ${escaped(location)} ` +
          `"-" "-" "-" "-" "-" TID_[0-9a-f]{32}$`,
      ),
    )
  })
})
