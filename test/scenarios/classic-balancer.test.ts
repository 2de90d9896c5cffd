import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import https from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeTrafficSourcesCommand,
} from '@aws-sdk/client-auto-scaling'
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import {
  CreateAppCookieStickinessPolicyCommand,
  CreateLBCookieStickinessPolicyCommand,
  CreateLoadBalancerListenersCommand,
  DeregisterInstancesFromLoadBalancerCommand,
  DescribeInstanceHealthCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  RegisterInstancesWithLoadBalancerCommand,
  SetLoadBalancerPoliciesOfListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing'
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import {
  DeleteServerCertificateCommand,
  IAMClient,
  UploadServerCertificateCommand,
} from '@aws-sdk/client-iam'
import { openKeyring } from '../../src/testing/conformance/data-plane-keyring.ts'
import { startLoad } from '../harness/load.ts'
import {
  checkout,
  get,
  lacksAws,
  startPlatform,
  until,
  type Platform,
} from '../harness/platform.ts'
import { deployFolder, endedDeployment, stackOutputs, type Site } from '../harness/website.ts'

const template = join(checkout, 'test/scenarios/templates/classic-balancer.yaml')
const skip = await lacksAws()

describe('a Classic Load Balancer, as templates of EC2-Classic have it', { skip }, () => {
  let platform: Platform
  let outputs: Readonly<Record<string, string>>
  let elb: ElasticLoadBalancingClient
  let elbv2: ElasticLoadBalancingV2Client
  let ec2: EC2Client
  let scaling: AutoScalingClient
  let iam: IAMClient
  let metrics: CloudWatchClient
  const named = () => ({ LoadBalancerName: outputs['Name'] })

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    const client = { endpoint, credentials, region: 'us-east-1' }
    elb = new ElasticLoadBalancingClient(client)
    elbv2 = new ElasticLoadBalancingV2Client(client)
    ec2 = new EC2Client(client)
    scaling = new AutoScalingClient(client)
    iam = new IAMClient(client)
    metrics = new CloudWatchClient(client)
    await platform.aws(
      ...['cloudformation', 'create-stack', '--stack-name', 'classic'],
      ...['--template-body', `file://${template}`, '--capabilities', 'CAPABILITY_IAM'],
    )
    outputs = await stackOutputs(platform, 'classic')
  })

  after(async () => {
    for (const client of [elb, elbv2, ec2, scaling, iam, metrics]) client?.destroy()
    await platform?.stop()
  })

  async function health(...ids: readonly string[]): Promise<Map<string, string>> {
    const Instances = ids.map((InstanceId) => ({ InstanceId }))
    const found = await elb.send(new DescribeInstanceHealthCommand({ ...named(), Instances }))
    return new Map(
      (found.InstanceStates ?? []).map((each) => [
        each.InstanceId ?? '',
        `${each.State}/${each.ReasonCode}: ${each.Description}`,
      ]),
    )
  }

  async function members(AutoScalingGroupName: string | undefined): Promise<string[]> {
    const { AutoScalingGroups = [] } = await scaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName ?? ''] }),
    )
    return (AutoScalingGroups[0]?.Instances ?? [])
      .filter((instance) => instance.LifecycleState === 'InService')
      .map((instance) => instance.InstanceId ?? '')
  }

  const site = (path: string, cookie?: string) =>
    fetch(`http://127.0.0.1:${platform.sitePort}${path}`, {
      headers: { host: outputs['DNSName'] ?? '', ...(cookie === undefined ? {} : { cookie }) },
    })

  it('serves over HTTP from every instance, and says that they are in service', async () => {
    const ids = [...(await members(outputs['Fleet'])), ...(await members(outputs['Plain']))]
    assert.equal(ids.length, 4)
    await until('all are in service', async () => {
      const states = await health()
      return ids.every((id) => states.get(id) === 'InService/N/A: N/A')
    })
    const { TrafficSources } = await scaling.send(
      new DescribeTrafficSourcesCommand({ AutoScalingGroupName: outputs['Fleet'] }),
    )
    const [source] = TrafficSources ?? []
    assert.deepEqual([source?.Type, source?.State], ['elb', 'InService'])
    const answers = new Set<string>()
    await until('all answer', async () => {
      answers.add((await get(platform, '/', outputs['DNSName'])).body)
      return answers.size === 4
    })
  })

  it('joins connections over TCP, and its group alone lets it in', async (t) => {
    const [id = '', other = ''] = await members(outputs['Fleet'])
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))
    const address = Reservations?.[0]?.Instances?.[0]?.PrivateIpAddress ?? ''
    const reach = `timeout 1 bash -c 'exec 3<>/dev/tcp/${address}/8080' && echo in || echo out`
    if (platform.driver === 'namespaces') {
      const said = await platform.evenkeel('exec', other, '--', 'sh', '-c', reach)
      assert.match(said, /out/)
    }
    const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}))
    const node = NetworkInterfaces.find(
      ({ Description = '', RequesterId }) =>
        RequesterId === 'amazon-elb' && /^ELB [^/ ]+$/.test(Description),
    )
    const host = node?.Association?.PublicIp
    if (host === undefined || process.getuid?.() !== 0 || platform.driver !== 'namespaces') {
      t.diagnostic('public addresses answer as root with the namespaces driver only')
      return
    }
    const socket = connect({ host, port: 7000 })
    socket.setEncoding('utf8').write('hello')
    const text = await new Promise<string>((resolve, reject) => {
      socket.once('data', (part) => resolve(String(part))).once('error', reject)
    })
    socket.destroy()
    assert.equal(text, 'echo hello')
  })

  it('ends HTTPS with a server certificate of IAM, which then stays, and tells of its requests', async () => {
    const keyring = await openKeyring()
    const { certificate, privateKey } = await keyring.of('shop.test')
    const ServerCertificateName = 'shop'
    const { ServerCertificateMetadata } = await iam.send(
      new UploadServerCertificateCommand({
        ...{ ServerCertificateName, CertificateBody: certificate, PrivateKey: privateKey },
        CertificateChain: keyring.authority.pem,
      }),
    )
    const SSLCertificateId = ServerCertificateMetadata?.Arn
    const ports = { Protocol: 'HTTPS', LoadBalancerPort: 443, InstancePort: 8080 }
    const Listeners = [{ ...ports, SSLCertificateId }]
    await elb.send(new CreateLoadBalancerListenersCommand({ ...named(), Listeners }))
    const place = { host: '127.0.0.1', port: platform.sitePort, ca: keyring.authority.pem }
    const answer = await until('the listener answers', () => overTls(place).catch(() => undefined))
    assert.equal(answer.status, 200)
    assert.match(answer.body, /^ip-/)
    await assert.rejects(iam.send(new DeleteServerCertificateCommand({ ServerCertificateName })), {
      name: 'DeleteConflictException',
    })
    await until('the requests are counted', async () => {
      const { Datapoints = [] } = await metrics.send(
        new GetMetricStatisticsCommand({
          ...{ Namespace: 'AWS/ELB', MetricName: 'RequestCount', Period: 60, Statistics: ['Sum'] },
          Dimensions: [{ Name: 'LoadBalancerName', Value: outputs['Name'] }],
          StartTime: new Date(Date.now() - 600_000),
          EndTime: new Date(Date.now() + 60_000),
        }),
      )
      return Datapoints.some(({ Sum = 0 }) => Sum > 0)
    })
  })

  it('keeps a client at its instance by either cookie', async () => {
    const policy = (PolicyName: string) => ({ ...named(), PolicyName })
    await elb.send(
      new CreateLBCookieStickinessPolicyCommand({
        ...policy('minute'),
        CookieExpirationPeriod: 60,
      }),
    )
    await elb.send(
      new CreateAppCookieStickinessPolicyCommand({ ...policy('session'), CookieName: 'SESSION' }),
    )
    for (const name of ['minute', 'session']) {
      const use = { ...named(), LoadBalancerPort: 80, PolicyNames: [name] }
      await elb.send(new SetLoadBalancerPoliciesOfListenerCommand(use))
      const lasting = name === 'minute' ? /Expires=/ : /^AWSELB=[^;]+; Path=\/$/
      const cookie = await until(`the cookie of ${name}`, async () => {
        const lines = (await site('/')).headers.getSetCookie()
        return lines.find((line) => line.startsWith('AWSELB=') && lasting.test(line))
      })
      const sent = `SESSION=1; ${cookie.split(';')[0]}`
      const hosts = new Set<string>()
      for (let turn = 0; turn < 12; turn++) hosts.add(await (await site('/', sent)).text())
      assert.equal(hosts.size, 1, name)
    }
    await elb.send(
      new SetLoadBalancerPoliciesOfListenerCommand({
        ...named(),
        ...{ LoadBalancerPort: 80, PolicyNames: [] },
      }),
    )
  })

  it('lets an instance finish what it has under way before it leaves', async () => {
    const [id = ''] = await members(outputs['Plain'])
    const Instances = [{ InstanceId: id }]
    const host = outputs['DNSName'] ?? ''
    const url = `http://127.0.0.1:${platform.sitePort}/slow`
    const load = await startLoad({ url, host, ratePerSecond: 40, connections: 100 })
    await elb.send(new DeregisterInstancesFromLoadBalancerCommand({ ...named(), Instances }))
    const leaving = (await health(id)).get(id)
    await until('it has left', async () => {
      const state = (await health(id)).get(id)
      return state === notRegistered
    })
    const { failed, records } = await load.stop()
    assert.equal(leaving, 'InService/N/A: Instance deregistration currently in progress.')
    assert.ok(records.length > 40)
    assert.deepEqual(failed, [])
    await elb.send(new RegisterInstancesWithLoadBalancerCommand({ ...named(), Instances }))
  })

  it('is left and joined again by hosts that are deployed to, without a failed request', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-classic-'))
    const script = { mode: 0o755 }
    await writeFile(join(folder, 'install.sh'), '#!/bin/sh\necho v2 > /version\n', script)
    await writeFile(
      join(folder, 'appspec.yml'),
      'version: 0.0\nos: linux\nhooks:\n  AfterInstall:\n    - location: install.sh\n',
    )
    const host = outputs['DNSName'] ?? ''
    const url = `http://127.0.0.1:${platform.sitePort}/`
    const load = await startLoad({ url, host, ratePerSecond: 100 })
    const about = {
      bucket: outputs['Bucket'] ?? '',
      application: outputs['Application'] ?? '',
      deploymentGroup: outputs['DeploymentGroup'] ?? '',
    } as Site
    const deployment = await deployFolder(platform, about, { folder, key: 'v2.tgz' })
    const ended = await endedDeployment(platform, deployment)
    const { failed } = await load.stop()
    await rm(folder, { recursive: true })
    assert.equal(ended.status, 'Succeeded')
    assert.deepEqual(failed, [])
    const [id = ''] = await members(outputs['Fleet'])
    const listed = await platform.aws(
      ...['deploy', 'get-deployment-target', '--deployment-id', deployment, '--target-id', id],
    )
    const { instanceTarget } = listed['deploymentTarget'] as {
      instanceTarget: { lifecycleEvents: { lifecycleEventName: string; status: string }[] }
    }
    for (const name of ['BlockTraffic', 'AllowTraffic']) {
      const event = instanceTarget.lifecycleEvents.find((one) => one.lifecycleEventName === name)
      assert.equal(event?.status, 'Succeeded', name)
    }
  })

  it('has the sick replaced where the group asks for its health, and there alone', async () => {
    const TargetGroupArn = await groupOfTargets()
    const [fleet = ''] = await members(outputs['Fleet'])
    const [plain = ''] = await members(outputs['Plain'])
    const [targeted = ''] = await until('the third group serves', async () => {
      const found = await members('targeted')
      const { TargetHealthDescriptions: [target] = [] } = await elbv2.send(
        new DescribeTargetHealthCommand({ TargetGroupArn }),
      )
      return target?.TargetHealth?.State === 'healthy' ? found : undefined
    })
    for (const id of [fleet, plain, targeted]) {
      await platform.evenkeel('exec', id, '--', 'touch', '/sick')
    }
    await until(
      'both are replaced',
      async () => {
        const now = [await members(outputs['Fleet']), await members('targeted')]
        const isWhole = now[0]?.length === 3 && now[1]?.length === 1
        return isWhole && !now.flat().some((id) => id === fleet || id === targeted)
      },
      60_000,
    )
    await until('the third is known to be sick', async () => {
      return (await health(plain)).get(plain) === unhealthy
    })
    assert.deepEqual(await members(outputs['Plain']), [plain])
  })

  /** A group behind a target group, checked by the same path, in the balancers' own security group. */
  async function groupOfTargets(): Promise<string> {
    const { LoadBalancerDescriptions: [classic] = [] } = await elb.send(
      new DescribeLoadBalancersCommand({}),
    )
    assert.deepEqual(classic?.SourceSecurityGroup, {
      OwnerAlias: 'amazon-elb',
      GroupName: 'amazon-elb-sg',
    })
    const { LoadBalancers } = await elbv2.send(
      new CreateLoadBalancerCommand({
        Name: 'new',
        Subnets: classic?.Subnets,
        SecurityGroups: classic?.SecurityGroups,
      }),
    )
    const { TargetGroups } = await elbv2.send(
      new CreateTargetGroupCommand({
        ...{ Name: 'new', Protocol: 'HTTP', Port: 8080, VpcId: classic?.VPCId },
        ...{ HealthCheckPath: '/health', HealthCheckIntervalSeconds: 5 },
        ...{ HealthCheckTimeoutSeconds: 2, UnhealthyThresholdCount: 2 },
      }),
    )
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? ''
    await elbv2.send(
      new CreateListenerCommand({
        ...{ LoadBalancerArn: LoadBalancers?.[0]?.LoadBalancerArn, Protocol: 'HTTP', Port: 80 },
        DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      }),
    )
    await scaling.send(
      new CreateAutoScalingGroupCommand({
        ...{ AutoScalingGroupName: 'targeted', MinSize: 1, MaxSize: 1 },
        LaunchConfigurationName: outputs['Launch'],
        AvailabilityZones: ['us-east-1a'],
        TargetGroupARNs: [TargetGroupArn],
        ...{ HealthCheckType: 'ELB', HealthCheckGracePeriod: 1 },
      }),
    )
    return TargetGroupArn
  }
})

/** Asks over HTTPS by the certificate's name. */
function overTls(place: {
  host: string
  port: number
  ca: string
}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = { ...place, servername: 'shop.test', headers: { host: 'shop.test' } }
    https
      .get({ ...request, agent: false }, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => (body += text))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      })
      .on('error', reject)
  })
}

const notRegistered =
  'OutOfService/Instance: Instance is not currently registered with the LoadBalancer.'
const unhealthy =
  'OutOfService/Instance: Instance has failed at least the UnhealthyThreshold number of health checks consecutively.'
