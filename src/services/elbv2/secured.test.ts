import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  CreateListenerOutput,
  CreateLoadBalancerOutput,
  CreateTargetGroupOutput,
  DescribeListenerCertificatesOutput,
  DescribeSSLPoliciesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { certificateArn, createCertificates } from '../../identity/certificates.ts'
import { balanceWorld } from '../../testing/balance-world.ts'
import { call } from '../../testing/fake-request.ts'
import type { ResourceContext } from '../../stacks/resource-type.ts'
import { elbv2ResourceTypes, elbv2Service } from './index.ts'

async function within(
  body: (world: Awaited<ReturnType<typeof openWorld>>) => Promise<void>,
): Promise<void> {
  const world = await openWorld()
  try {
    await body(world)
  } finally {
    await world.close()
  }
}

async function openWorld() {
  const world = await balanceWorld()
  const { network, balance, context, scope, subnetIds, vpcId } = world
  const order = { names: ['a.test'], keyAlgorithm: 'EC_prime256v1' as const }
  const issued = { ...order, token: undefined, tags: [] }
  const { certificateId } = await createCertificates(context).request(scope, issued)
  const service = elbv2Service({ balance, network })
  return {
    ...world,
    service,
    certificate: [{ CertificateArn: certificateArn(scope, certificateId) }],
    async balancer(Type: 'application' | 'network') {
      const made = await call<CreateLoadBalancerOutput>(service, 'CreateLoadBalancer', {
        ...{ Name: Type, Type, Subnets: subnetIds },
      })
      return made.LoadBalancers?.[0]?.LoadBalancerArn ?? ''
    },
    async group(Name: string, Protocol: string, more: object = {}) {
      const input = { Name, Protocol, Port: 443, VpcId: vpcId, ...more }
      const made = await call<CreateTargetGroupOutput>(service, 'CreateTargetGroup', input)
      return made.TargetGroups?.[0] ?? {}
    },
  }
}

test('TLS listeners take certificates, and groups of TCP and TLS', async () => {
  await within(async ({ service, certificate, balancer, group }) => {
    const LoadBalancerArn = await balancer('network')
    const tls = await group('tls', 'TLS')
    assert.deepEqual([tls.Protocol, tls.HealthCheckProtocol], ['TLS', 'TCP'])
    const to = (TargetGroupArn: string | undefined) => ({
      LoadBalancerArn,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    })
    const listener = { ...to(tls.TargetGroupArn), Protocol: 'TLS', Port: 443 }
    await assert.rejects(call(service, 'CreateListener', listener), /certificate must be specified/)
    const made = await call<CreateListenerOutput>(service, 'CreateListener', {
      ...listener,
      Certificates: certificate,
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    })
    const [shown] = made.Listeners ?? []
    assert.equal(shown?.Protocol, 'TLS')
    assert.equal(shown?.SslPolicy, 'ELBSecurityPolicy-TLS13-1-2-2021-06')
    assert.deepEqual(shown?.Certificates, certificate)
    const plain = { ...to(tls.TargetGroupArn), Protocol: 'TCP', Port: 80 }
    await assert.rejects(call(service, 'CreateListener', plain), {
      code: 'IncompatibleProtocolsException',
    })
    const { ListenerArn } = shown ?? {}
    const change = { ListenerArn, Protocol: 'TCP' }
    await assert.rejects(call(service, 'ModifyListener', change), {
      code: 'IncompatibleProtocolsException',
    })
    const tcp = await group('tcp', 'TCP', { HealthCheckProtocol: 'HTTPS', HealthCheckPath: '/x' })
    assert.equal(tcp.HealthCheckProtocol, 'HTTPS')
    const modified = await call<CreateListenerOutput>(service, 'ModifyListener', {
      ...change,
      DefaultActions: to(tcp.TargetGroupArn).DefaultActions,
    })
    assert.equal(modified.Listeners?.[0]?.Protocol, 'TCP')
    assert.equal(modified.Listeners?.[0]?.Certificates, undefined)
  })
})

test('HTTPS groups serve HTTP and HTTPS listeners, with AWS’s default policy', async () => {
  await within(async ({ service, certificate, balancer, group }) => {
    const LoadBalancerArn = await balancer('application')
    const https = await group('https', 'HTTPS', { HealthCheckProtocol: 'HTTPS' })
    assert.deepEqual(
      [https.Protocol, https.ProtocolVersion, https.HealthCheckProtocol],
      ['HTTPS', 'HTTP1', 'HTTPS'],
    )
    const { TargetGroupArn } = https
    const DefaultActions = [{ Type: 'forward', TargetGroupArn }]
    const listener = { LoadBalancerArn, Protocol: 'HTTPS', Port: 443, DefaultActions }
    const made = await call<CreateListenerOutput>(service, 'CreateListener', {
      ...listener,
      Certificates: certificate,
    })
    assert.equal(made.Listeners?.[0]?.SslPolicy, 'ELBSecurityPolicy-2016-08')
    await call(service, 'CreateListener', { ...listener, Protocol: 'HTTP', Port: 80 })
    await assert.rejects(group('h2', 'HTTPS', { ProtocolVersion: 'HTTP2' }), /HTTP2/)
    const unknown = { ...listener, Port: 8443, Certificates: certificate, SslPolicy: 'Strange' }
    await assert.rejects(call(service, 'CreateListener', unknown), {
      code: 'SSLPolicyNotFoundException',
    })
  })
})

test('policies are told in AWS’s order with their protocols and ciphers, by page', async () => {
  await within(async ({ service }) => {
    const list = (input: object) =>
      call<DescribeSSLPoliciesOutput>(service, 'DescribeSSLPolicies', input)
    const { SslPolicies: all = [] } = await list({})
    assert.equal(all[0]?.Name, 'ELBSecurityPolicy-2016-08')
    assert.deepEqual(all[0]?.SslProtocols, ['TLSv1', 'TLSv1.1', 'TLSv1.2'])
    const first = await list({ PageSize: 1 })
    assert.deepEqual(
      first.SslPolicies?.map(({ Name }) => Name),
      ['ELBSecurityPolicy-2016-08'],
    )
    const next = await list({ PageSize: 1, Marker: first.NextMarker })
    assert.equal(next.SslPolicies?.[0]?.Name, 'ELBSecurityPolicy-TLS13-1-2-2021-06')
    const [narrow] =
      (await list({ Names: ['ELBSecurityPolicy-TLS13-1-3-2021-06'] })).SslPolicies ?? []
    assert.deepEqual(narrow?.Ciphers?.[0], { Name: 'TLS_AES_128_GCM_SHA256', Priority: 1 })
  })
})

test('a listener keeps its TLS while it is not told otherwise, and must while a group of gRPC is behind it', async () => {
  await within(async ({ service, certificate, balancer, group }) => {
    const LoadBalancerArn = await balancer('application')
    const { TargetGroupArn } = await group('calls', 'HTTP', { ProtocolVersion: 'GRPC' })
    const plain = await group('plain', 'HTTP')
    const DefaultActions = [{ Type: 'forward', TargetGroupArn }]
    const listener = { LoadBalancerArn, Protocol: 'HTTPS', Port: 443, DefaultActions }
    const made = await call<CreateListenerOutput>(service, 'CreateListener', {
      ...listener,
      Certificates: certificate,
    })
    const ListenerArn = made.Listeners?.[0]?.ListenerArn
    const modify = (input: object) =>
      call<CreateListenerOutput>(service, 'ModifyListener', { ListenerArn, ...input })
    const moved = await modify({ Port: 8443 })
    assert.deepEqual(
      [moved.Listeners?.[0]?.Protocol, moved.Listeners?.[0]?.Port, moved.Listeners?.[0]?.SslPolicy],
      ['HTTPS', 8443, 'ELBSecurityPolicy-2016-08'],
    )
    const refusal = { code: 'InvalidLoadBalancerActionException' }
    await assert.rejects(modify({ Protocol: 'HTTP' }), refusal)
    await call(service, 'CreateRule', {
      ...{ ListenerArn, Priority: 1, Actions: DefaultActions },
      Conditions: [{ Field: 'path-pattern', Values: ['/a.B/*'] }],
    })
    const toPlain = [{ Type: 'forward', TargetGroupArn: plain.TargetGroupArn }]
    await modify({ DefaultActions: toPlain })
    await assert.rejects(modify({ Protocol: 'HTTP' }), refusal, 'its rule still sends to gRPC')
  })
})

test('certificates of templates come and go beside the default one, however many at once', async () => {
  await within(async (world) => {
    const { service, certificate, balancer, group, balance, network, scope, context } = world
    const issue = async (name: string): Promise<string> => {
      const order = { names: [name], keyAlgorithm: 'EC_prime256v1' as const, token: undefined }
      const issued = { ...order, tags: [] }
      const { certificateId } = await createCertificates(context).request(scope, issued)
      return certificateArn(scope, certificateId)
    }
    const { TargetGroupArn } = await group('web', 'HTTP')
    const made = await call<CreateListenerOutput>(service, 'CreateListener', {
      LoadBalancerArn: await balancer('application'),
      Protocol: 'HTTPS',
      Port: 443,
      Certificates: certificate,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    })
    const ListenerArn = made.Listeners?.[0]?.ListenerArn ?? ''
    const types = elbv2ResourceTypes({ balance, network })
    const type = types.find(({ name }) => name.endsWith('::ListenerCertificate'))
    assert.ok(type?.update)
    const around = (logicalId: string) =>
      ({
        scope,
        physicalName: () => `site-${logicalId}`,
        started: async () => undefined,
        signal: new AbortController().signal,
      }) as unknown as ResourceContext
    const shown = async (): Promise<readonly (string | undefined)[]> => {
      const told = await call<DescribeListenerCertificatesOutput>(
        service,
        'DescribeListenerCertificates',
        { ListenerArn },
      )
      return (told.Certificates ?? []).map(({ CertificateArn }) => CertificateArn)
    }
    const arns = await Promise.all(['b.test', 'c.test', 'd.test', 'e.test'].map(issue))
    const properties = arns.map((CertificateArn) => ({
      ListenerArn,
      Certificates: [{ CertificateArn }],
    }))
    await Promise.all(properties.map((one, at) => type.create(one, around(`C${at}`))))
    assert.deepEqual(new Set(await shown()), new Set([certificate[0]?.CertificateArn, ...arns]))
    const after = { ListenerArn, Certificates: [{ CertificateArn: arns[1] }] }
    const change = { physicalId: 'site-C0', before: properties[0]!, after }
    await type.update(change, around('C0'))
    for (const [at, one] of [after, ...properties.slice(1)].entries()) {
      const resource = { physicalId: `site-C${at}`, properties: one }
      await type.remove(resource, around(`C${at}`))
      await type.remove(resource, around(`C${at}`))
    }
    assert.deepEqual(await shown(), [certificate[0]?.CertificateArn])
  })
})
