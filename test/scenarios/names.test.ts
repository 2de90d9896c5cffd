import assert from 'node:assert/strict'
import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  waitUntilInstanceRunning,
  type Instance,
} from '@aws-sdk/client-ec2'
import {
  CreateLoadBalancerCommand,
  ElasticLoadBalancingV2Client,
  waitUntilLoadBalancerAvailable,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { startPlatform, until, type Platform } from '../harness/platform.ts'
import { pidOf } from '../harness/processes.ts'
import { runServing, waitFor } from '../harness/waiting.ts'

describe('names of instances and balancers', () => {
  let platform: Platform
  let ec2: EC2Client
  let elb: ElasticLoadBalancingV2Client
  let instance: Instance
  let balancerName: string
  let nodes: readonly string[]
  const host = new Resolver({ timeout: 1000, tries: 2 })

  before(async () => {
    platform = await startPlatform()
    const { endpoint, credentials } = platform
    ec2 = new EC2Client({ endpoint, credentials, region: 'us-east-1' })
    elb = new ElasticLoadBalancingV2Client({ endpoint, credentials, region: 'us-east-1' })
    const file = await readFile(join(platform.dataDirectory, 'instance.json'), 'utf8')
    const { namePort } = JSON.parse(file) as { namePort: number }
    host.setServers([`127.0.0.1:${namePort}`])
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}))
    const ids = Subnets.slice(0, 2).map(({ SubnetId = '' }) => SubnetId)
    const InstanceIds = [await runServing(ec2, { paths: {}, subnetId: ids[0] })]
    await waitUntilInstanceRunning(waitFor(ec2), { InstanceIds })
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }))
    instance = Reservations?.[0]?.Instances?.[0] ?? {}
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({ Name: 'front', Subnets: ids }),
    )
    balancerName = LoadBalancers?.[0]?.DNSName ?? ''
    const LoadBalancerArns = [LoadBalancers?.[0]?.LoadBalancerArn ?? '']
    await waitUntilLoadBalancerAvailable(waitFor(elb), { LoadBalancerArns })
    const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}))
    nodes = NetworkInterfaces.filter((one) => one.Description?.startsWith('ELB app/front/'))
      .map((one) => one.PrivateIpAddress ?? '')
      .toSorted()
  })

  after(async () => {
    for (const client of [ec2, elb]) client?.destroy()
    await platform?.stop()
  })

  /** What a machine is told when it asks a server of its own, or the one of its resolv.conf; or the error's code. */
  async function inside(method: string, name: string, server?: string): Promise<readonly string[]> {
    const program = `
      import { Resolver } from 'node:dns/promises'
      const resolver = new Resolver({ timeout: 500, tries: 1 })
      const server = ${JSON.stringify(server ?? '')}
      if (server !== '') resolver.setServers([server])
      const answer = await resolver.${method}('${name}').catch((error) => [error.code])
      console.log(JSON.stringify(answer.toSorted()))`
    const words = ['/opt/evenkeel/bin/node', '--input-type=module', '-e', program]
    const text = await platform.evenkeel('exec', instance.InstanceId ?? '', '--', ...words)
    return JSON.parse(text) as readonly string[]
  }

  it('are told on the host', async () => {
    const name = instance.PrivateDnsName ?? ''
    await until('the host knows the instance', async () => {
      const found = await host.resolve4(name)
      return found[0] === instance.PrivateIpAddress
    })
    assert.deepEqual(await host.reverse(instance.PrivateIpAddress ?? ''), [name])
    assert.deepEqual(await host.resolve4(balancerName), ['127.0.0.1'])
    await assert.rejects(host.resolve4('nobody.ec2.internal'), { code: 'ENOTFOUND' })
    await assert.rejects(host.resolve4('example.com'), { code: 'EREFUSED' })
  })

  it('are told inside the VPC, on each address of its resolver', async (t) => {
    if (platform.driver !== 'namespaces') return t.skip('machines have no network of their own')
    const name = instance.PrivateDnsName ?? ''
    const own = [instance.PrivateIpAddress]
    assert.equal(nodes.length, 2)
    await until('the balancer is known', async () => {
      const told = await inside('resolve4', balancerName)
      return told.join(' ') === nodes.join(' ')
    })
    const [first, second] = (instance.PrivateIpAddress ?? '').split('.')
    for (const server of [undefined, '169.254.169.253', `${first}.${second}.0.2`]) {
      assert.deepEqual(await inside('resolve4', name, server), own)
    }
    const reversed = (instance.PrivateIpAddress ?? '').split('.').toReversed().join('.')
    assert.deepEqual(await inside('resolvePtr', `${reversed}.in-addr.arpa`), [name])
    assert.deepEqual(await inside('resolve4', instance.PublicDnsName ?? ''), own)
    const words = ['getent', 'hosts', balancerName]
    const text = await platform.evenkeel('exec', instance.InstanceId ?? '', '--', ...words)
    assert.ok(
      nodes.some((node) => text.startsWith(node)),
      text,
    )
  })

  it('are looked for in the private domain when they have no dot', async (t) => {
    if (platform.driver !== 'namespaces') return t.skip('machines have no network of their own')
    const words = ['cat', '/etc/resolv.conf']
    const text = await platform.evenkeel('exec', instance.InstanceId ?? '', '--', ...words)
    assert.equal(text, 'search ec2.internal\nnameserver 169.254.169.254\n')
  })

  it('are told while the VPC has them told', async (t) => {
    if (platform.driver !== 'namespaces') return t.skip('machines have no network of their own')
    const name = instance.PrivateDnsName ?? ''
    const change = (wanted: object) =>
      ec2.send(new ModifyVpcAttributeCommand({ VpcId: instance.VpcId, ...wanted }))
    const becomes = (code: string | undefined) =>
      until(`${name} is ${code}`, async () => (await inside('resolve4', name))[0] === code)
    await change({ EnableDnsHostnames: { Value: false } })
    await becomes('ENOTFOUND')
    assert.deepEqual(await inside('resolve4', balancerName), nodes)
    await change({ EnableDnsSupport: { Value: false } })
    await becomes('ECONNREFUSED')
    await change({ EnableDnsSupport: { Value: true } })
    await change({ EnableDnsHostnames: { Value: true } })
    await becomes(instance.PrivateIpAddress)
  })

  it('are told by the next edge too, while the server is away', async () => {
    const edge = pidOf(platform, 'edge')
    process.kill(platform.pid(), 'SIGKILL')
    process.kill(edge, 'SIGKILL')
    await until('another edge runs', async () => pidOf(platform, 'edge') !== edge)
    await until('it tells the name', async () => {
      const found = await host.resolve4(instance.PrivateDnsName ?? '')
      return found[0] === instance.PrivateIpAddress
    })
    await platform.up()
  })
})
