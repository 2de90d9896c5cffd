import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type {
  CreateAccessPointOutput,
  DescribeAccessPointsOutput,
  DescribeEndPointStateOutput,
  DescribeLoadBalancerAttributesOutput,
  DescribeLoadBalancerPoliciesOutput,
  LoadBalancerDescription,
} from '@aws-sdk/client-elastic-load-balancing'
import { classicBalancerArn } from '../../balance/arns.ts'
import { createCertificates } from '../../identity/certificates.ts'
import { balanceWorld } from '../../testing/balance-world.ts'
import { call } from '../../testing/fake-request.ts'
import { elbService } from './index.ts'

type World = Awaited<ReturnType<typeof openWorld>>

async function openWorld() {
  const world = await balanceWorld()
  const { balance, network, context } = world
  const certificates = createCertificates(context)
  return {
    ...world,
    certificates,
    service: elbService({ balance, network, store: context.store }),
  }
}

async function within(body: (world: World) => Promise<void>): Promise<void> {
  const world = await openWorld()
  try {
    await body(world)
  } finally {
    await world.close()
  }
}

const http = { Protocol: 'HTTP', LoadBalancerPort: 80, InstancePort: 8080 }
const web = {
  LoadBalancerName: 'web',
  Listeners: [http],
  AvailabilityZones: ['us-east-1a', 'us-east-1b'],
}

async function described({ service }: World, name = 'web'): Promise<LoadBalancerDescription> {
  const found = await call<DescribeAccessPointsOutput>(service, 'DescribeLoadBalancers', {
    LoadBalancerNames: [name],
  })
  return found.LoadBalancerDescriptions?.[0] ?? {}
}

async function launched(world: World): Promise<string> {
  const { compute, scope, subnetIds } = world
  const [record] = await compute.instances.launch(scope, {
    imageId: 'ami-12345678',
    instanceType: 't3.micro',
    count: 1,
    subnetId: subnetIds[0] ?? '',
    tags: [],
  })
  const id = record?.value.instanceId ?? ''
  while ((await world.instance(id)).state !== 'running') await setImmediate()
  return id
}

test('a balancer by zones lies in the default VPC, in the group that Classic knows', () =>
  within(async (world) => {
    const made = await call<CreateAccessPointOutput>(world.service, 'CreateLoadBalancer', web)
    assert.match(made.DNSName ?? '', /^web-\d+\.us-east-1\.elb\.localhost$/)
    const view = await described(world)
    assert.equal(view.VPCId, world.vpcId)
    assert.deepEqual(view.AvailabilityZones, ['us-east-1a', 'us-east-1b'])
    assert.deepEqual(view.SourceSecurityGroup, {
      OwnerAlias: 'amazon-elb',
      GroupName: 'amazon-elb-sg',
    })
    assert.deepEqual(view.HealthCheck, {
      Target: 'TCP:8080',
      Interval: 30,
      Timeout: 5,
      UnhealthyThreshold: 2,
      HealthyThreshold: 10,
    })
    assert.deepEqual(await call(world.service, 'CreateLoadBalancer', web), made)
    const other = { ...web, Listeners: [{ ...http, InstancePort: 81 }] }
    await assert.rejects(call(world.service, 'CreateLoadBalancer', other), {
      code: 'DuplicateAccessPointNameException',
    })
    await call(world.service, 'DeleteLoadBalancer', { LoadBalancerName: 'web' })
    await call(world.service, 'DeleteLoadBalancer', { LoadBalancerName: 'web' })
    await assert.rejects(described(world), { code: 'AccessPointNotFoundException' })
  }))

test('tags of the platform are not for callers', () =>
  within(async ({ service }) => {
    await call(service, 'CreateLoadBalancer', web)
    const Tags = [{ Key: 'aws:x', Value: '1' }]
    await assert.rejects(call(service, 'AddTags', { LoadBalancerNames: ['web'], Tags }), {
      message: 'aws: prefixed tag key names are not allowed for external use.',
    })
  }))

test('version 2 does not see classic balancers, and takes the same name', () =>
  within(async (world) => {
    await call(world.service, 'CreateLoadBalancer', web)
    const { balancers, groups } = world.balance
    assert.deepEqual(await balancers.list(world.scope), [])
    assert.deepEqual(await groups.list(world.scope), [])
    await balancers.create(world.scope, {
      name: 'web',
      scheme: 'internal',
      subnetIds: world.subnetIds,
      securityGroupIds: [],
      tags: [],
    })
  }))

test('instances register, are judged in words of AWS, and leave', () =>
  within(async (world) => {
    const { service, scope } = world
    await call(service, 'CreateLoadBalancer', web)
    const id = await launched(world)
    const named = { LoadBalancerName: 'web', Instances: [{ InstanceId: id }] }
    const healthOf = async () => {
      const found = await call<DescribeEndPointStateOutput>(
        service,
        'DescribeInstanceHealth',
        named,
      )
      const { State, ReasonCode, Description } = found.InstanceStates?.[0] ?? {}
      return [State, ReasonCode, Description]
    }
    const apart = 'Instance is not currently registered with the LoadBalancer.'
    assert.deepEqual(await healthOf(), ['OutOfService', 'Instance', apart])
    await call(service, 'RegisterInstancesWithLoadBalancer', named)
    assert.deepEqual((await described(world)).Instances, [{ InstanceId: id }])
    assert.deepEqual(await healthOf(), [
      'OutOfService',
      'ELB',
      'Instance registration is still in progress.',
    ])
    const arn = classicBalancerArn(scope, 'web')
    assert.equal((await world.balance.targets.list(scope, arn))?.[0]?.state, 'initial')
    await call(service, 'ModifyLoadBalancerAttributes', {
      LoadBalancerName: 'web',
      LoadBalancerAttributes: { ConnectionDraining: { Enabled: true, Timeout: 60 } },
    })
    await call(service, 'DeregisterInstancesFromLoadBalancer', named)
    assert.deepEqual((await described(world)).Instances, [])
    assert.deepEqual(await healthOf(), [
      'InService',
      'N/A',
      'Instance deregistration currently in progress.',
    ])
    await call(service, 'RegisterInstancesWithLoadBalancer', named)
    await call(service, 'ModifyLoadBalancerAttributes', {
      LoadBalancerName: 'web',
      LoadBalancerAttributes: { ConnectionDraining: { Enabled: false } },
    })
    await call(service, 'DeregisterInstancesFromLoadBalancer', named)
    assert.deepEqual(await healthOf(), ['OutOfService', 'Instance', apart])
    const stranger = { ...named, Instances: [{ InstanceId: 'i-00000000000000000' }] }
    await assert.rejects(call(service, 'RegisterInstancesWithLoadBalancer', stranger), {
      code: 'InvalidEndPointException',
    })
  }))

test('cookies stick by policies, and what cannot be honoured is refused', () =>
  within(async (world) => {
    const { service } = world
    const tcp = { Protocol: 'TCP', LoadBalancerPort: 5000, InstancePort: 5000 }
    await call(service, 'CreateLoadBalancer', { ...web, Listeners: [http, tcp] })
    const LoadBalancerName = 'web'
    await call(service, 'CreateLBCookieStickinessPolicy', {
      LoadBalancerName,
      PolicyName: 'minute',
      CookieExpirationPeriod: 60,
    })
    const use = (LoadBalancerPort: number, ...PolicyNames: string[]) =>
      call(service, 'SetLoadBalancerPoliciesOfListener', {
        LoadBalancerName,
        LoadBalancerPort,
        PolicyNames,
      })
    await use(80, 'minute')
    assert.deepEqual((await described(world)).ListenerDescriptions?.[0]?.PolicyNames, ['minute'])
    await assert.rejects(use(5000, 'minute'), { code: 'InvalidConfigurationRequestException' })
    await assert.rejects(use(80, 'none'), { code: 'PolicyNotFoundException' })
    await assert.rejects(use(81), { code: 'ListenerNotFoundException' })
    const gone = { LoadBalancerName, PolicyName: 'minute' }
    await assert.rejects(call(service, 'DeleteLoadBalancerPolicy', gone), /in use/)
    await use(80)
    await call(service, 'DeleteLoadBalancerPolicy', gone)
    const attributes = (LoadBalancerAttributes: object) =>
      call(service, 'ModifyLoadBalancerAttributes', { LoadBalancerName, LoadBalancerAttributes })
    await assert.rejects(attributes({ AccessLog: { Enabled: true } }), /S3BucketName is required/)
    await assert.rejects(attributes({ AccessLog: { Enabled: true, S3BucketName: 'logs' } }), {
      code: 'InvalidConfigurationRequestException',
      message: 'Access Denied for bucket: logs. Please check S3bucket permission',
    })
    await attributes({ CrossZoneLoadBalancing: { Enabled: true } })
    const shown = await call<DescribeLoadBalancerAttributesOutput>(
      service,
      'DescribeLoadBalancerAttributes',
      { LoadBalancerName },
    )
    assert.deepEqual(shown.LoadBalancerAttributes?.CrossZoneLoadBalancing, { Enabled: true })
    const desync = (Value: string) => ({
      AdditionalAttributes: [{ Key: 'elb.http.desyncmitigationmode', Value }],
    })
    await attributes(desync('strictest'))
    const strict = await call<DescribeLoadBalancerAttributesOutput>(
      service,
      'DescribeLoadBalancerAttributes',
      { LoadBalancerName },
    )
    assert.deepEqual(
      strict.LoadBalancerAttributes?.AdditionalAttributes,
      desync('strictest').AdditionalAttributes,
    )
    await assert.rejects(attributes(desync('off')), /AdditionalAttributes/)
    const ssl = { Protocol: 'SSL', LoadBalancerPort: 443, InstancePort: 443 }
    const listen = (listener: object) =>
      call(service, 'CreateLoadBalancerListeners', { LoadBalancerName, Listeners: [listener] })
    await assert.rejects(listen(ssl), /SSLCertificateId is required/)
    await assert.rejects(listen({ ...ssl, Protocol: 'UDP' }), {
      code: 'UnsupportedProtocolException',
    })
    await assert.rejects(listen({ ...http, InstancePort: 9 }), {
      code: 'DuplicateListenerException',
    })
    await assert.rejects(listen({ ...http, InstanceProtocol: 'TCP' }), /same layer/)
  }))

test('an HTTPS listener shows a certificate, which is then in use', () =>
  within(async (world) => {
    const { service, scope } = world
    const { certificateId } = await world.certificates.request(scope, {
      names: ['shop.example'],
      keyAlgorithm: 'EC_prime256v1',
      token: undefined,
      tags: [],
    })
    const arn = `arn:aws:acm:${scope.region}:${scope.account}:certificate/${certificateId}`
    const secure = { Protocol: 'HTTPS', LoadBalancerPort: 443, InstancePort: 80 }
    const create = (SSLCertificateId: string) =>
      call(service, 'CreateLoadBalancer', {
        ...web,
        Listeners: [{ ...secure, SSLCertificateId }],
      })
    await assert.rejects(create(`${arn.slice(0, -1)}x`), { code: 'CertificateNotFoundException' })
    await create(arn)
    const [listener] = (await described(world)).ListenerDescriptions ?? []
    assert.equal(listener?.Listener?.SSLCertificateId, arn)
    const policies = await call<DescribeLoadBalancerPoliciesOutput>(
      service,
      'DescribeLoadBalancerPolicies',
      { LoadBalancerName: 'web' },
    )
    assert.deepEqual(
      policies.PolicyDescriptions?.map((policy) => policy.PolicyName),
      listener?.PolicyNames,
    )
    const [shown] = await world.balance.certificateListeners.list(scope)
    assert.deepEqual([shown?.balancerId, shown?.tls?.certificateIds], ['web', [certificateId]])
  }))

test('SSL listeners and policies of protocols and ciphers are kept, and told to gateways', () =>
  within(async (world) => {
    const { service, scope, balance } = world
    const { certificateId } = await world.certificates.request(scope, {
      ...{ names: ['shop.example'], keyAlgorithm: 'EC_prime256v1' },
      ...{ token: undefined, tags: [] },
    })
    const SSLCertificateId = `arn:aws:acm:${scope.region}:${scope.account}:certificate/${certificateId}`
    const ports = { LoadBalancerPort: 993, InstancePort: 993, SSLCertificateId }
    const ssl = { ...ports, Protocol: 'SSL', InstanceProtocol: 'SSL' }
    await call(service, 'CreateLoadBalancer', { ...web, Listeners: [ssl] })
    const [listener] = (await described(world)).ListenerDescriptions ?? []
    assert.deepEqual(listener?.Listener, ssl)
    assert.deepEqual(listener?.PolicyNames, ['ELBSecurityPolicy-2016-08'])
    const LoadBalancerName = 'web'
    const policy = (attributes: object) =>
      call(service, 'CreateLoadBalancerPolicy', {
        ...{ LoadBalancerName, PolicyName: 'own', PolicyTypeName: 'SSLNegotiationPolicyType' },
        PolicyAttributes: Object.entries(attributes).map(([AttributeName, AttributeValue]) => ({
          ...{ AttributeName, AttributeValue },
        })),
      })
    const cipher = 'ECDHE-ECDSA-AES128-GCM-SHA256'
    const refused = [
      { 'Protocol-SSLv3': 'true' },
      { 'Protocol-TLSv1': 'true', 'Protocol-TLSv1.2': 'true', [cipher]: 'true' },
      { 'Protocol-TLSv1.2': 'true' },
      { 'Protocol-TLSv1.2': 'true', 'RC4-MD5': 'true' },
      { 'Reference-Security-Policy': 'ELBSecurityPolicy-2014-01' },
    ]
    for (const attributes of refused) {
      await assert.rejects(policy(attributes), { code: 'InvalidConfigurationRequestException' })
    }
    await policy({ 'Protocol-SSLv3': 'false', 'Protocol-TLSv1.2': 'true', [cipher]: 'true' })
    const use = { LoadBalancerName, LoadBalancerPort: 993, PolicyNames: ['own'] }
    await call(service, 'SetLoadBalancerPoliciesOfListener', use)
    const { PolicyDescriptions = [] } = await call<DescribeLoadBalancerPoliciesOutput>(
      service,
      'DescribeLoadBalancerPolicies',
      { LoadBalancerName, PolicyNames: ['own'] },
    )
    const told = PolicyDescriptions[0]?.PolicyAttributeDescriptions ?? []
    assert.deepEqual(
      told.flatMap((each) => (each.AttributeValue === 'true' ? [each.AttributeName] : [])),
      ['Protocol-TLSv1.2', cipher],
    )
    const [shown] = await balance.certificateListeners.list(scope)
    assert.deepEqual(shown?.tls, {
      ...{ policy: 'own', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' },
      ...{ ciphers: [cipher], isClientOrdered: true, certificateIds: [certificateId] },
    })
    const reference = { 'Reference-Security-Policy': 'ELBSecurityPolicy-TLS-1-2-2017-01' }
    await assert.rejects(policy(reference), { code: 'DuplicatePolicyNameException' })
  }))
