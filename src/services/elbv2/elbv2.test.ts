import assert from 'node:assert/strict'
import { test } from 'node:test'
import type {
  CreateListenerOutput,
  CreateLoadBalancerOutput,
  CreateRuleOutput,
  CreateTargetGroupOutput,
  DescribeLoadBalancersOutput,
  DescribeRulesOutput,
  DescribeTagsOutput,
  DescribeTargetGroupAttributesOutput,
  DescribeTargetHealthOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { ResourceContext, ResourceType } from '../../stacks/resource-type.ts'
import { modify } from '../../store/records.ts'
import { balancers } from '../../balance/records.ts'
import { balanceWorld } from '../../testing/balance-world.ts'
import { call } from '../../testing/fake-request.ts'
import { elbv2ResourceTypes, elbv2Service } from './index.ts'

type World = Awaited<ReturnType<typeof openWorld>>

async function openWorld() {
  const world = await balanceWorld()
  const { balance, network } = world
  const deps = { balance, network }
  return {
    ...world,
    service: elbv2Service(deps),
    types: elbv2ResourceTypes(deps),
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

async function makeSite({ service, subnetIds, vpcId }: World) {
  const balancer = await call<CreateLoadBalancerOutput>(service, 'CreateLoadBalancer', {
    Name: 'web',
    Subnets: subnetIds,
    Tags: [{ Key: 'app', Value: 'web' }],
  })
  const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn ?? ''
  const group = await call<CreateTargetGroupOutput>(service, 'CreateTargetGroup', {
    Name: 'web',
    Protocol: 'HTTP',
    Port: 80,
    VpcId: vpcId,
  })
  const TargetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn ?? ''
  const listener = await call<CreateListenerOutput>(service, 'CreateListener', {
    LoadBalancerArn,
    Protocol: 'HTTP',
    Port: 80,
    DefaultActions: [{ Type: 'forward', TargetGroupArn }],
  })
  return {
    LoadBalancerArn,
    TargetGroupArn,
    ListenerArn: listener.Listeners?.[0]?.ListenerArn ?? '',
  }
}

test('a balancer has AWS’s ids and names, and begins provisioning', async () => {
  await within(async (world) => {
    const { LoadBalancerArn, TargetGroupArn, ListenerArn } = await makeSite(world)
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:000000000000'
    assert.match(LoadBalancerArn, new RegExp(`^${arn}:loadbalancer/app/web/[0-9a-f]{16}$`))
    assert.match(TargetGroupArn, new RegExp(`^${arn}:targetgroup/web/[0-9a-f]{16}$`))
    assert.match(ListenerArn, new RegExp(`^${arn}:listener/app/web/[0-9a-f]{16}/[0-9a-f]{16}$`))
    const { LoadBalancers = [] } = await call<DescribeLoadBalancersOutput>(
      world.service,
      'DescribeLoadBalancers',
      { Names: ['web'] },
    )
    assert.equal(LoadBalancers[0]?.State?.Code, 'provisioning')
    assert.match(LoadBalancers[0]?.DNSName ?? '', /^web-[0-9]+\.us-east-1\.elb\.localhost$/)
    assert.equal(LoadBalancers[0]?.AvailabilityZones?.length, 3)
  })
})

test('making the same again gives the same; with other settings the name is taken', async () => {
  await within(async (world) => {
    const { LoadBalancerArn } = await makeSite(world)
    const again = await makeSameBalancer(world, {})
    assert.equal(again.LoadBalancers?.[0]?.LoadBalancerArn, LoadBalancerArn)
    await assert.rejects(makeSameBalancer(world, { Scheme: 'internal' }), {
      code: 'DuplicateLoadBalancerNameException',
    })
  })
})

function makeSameBalancer(world: World, more: object): Promise<CreateLoadBalancerOutput> {
  const input = { Name: 'web', Subnets: world.subnetIds, ...more }
  return call(world.service, 'CreateLoadBalancer', input)
}

test('what is not there has its own error, and what is not supported is named', async () => {
  await within(async ({ service, subnetIds }) => {
    const arn = 'arn:aws:elasticloadbalancing:us-east-1:000000000000'
    const cases: readonly (readonly [string, object, object])[] = [
      ['DescribeLoadBalancers', { Names: ['no'] }, { code: 'LoadBalancerNotFoundException' }],
      [
        'DescribeTargetHealth',
        { TargetGroupArn: `${arn}:targetgroup/no/1` },
        { code: 'TargetGroupNotFoundException' },
      ],
      [
        'DeleteListener',
        { ListenerArn: `${arn}:listener/app/no/1/2` },
        { code: 'ListenerNotFoundException' },
      ],
      [
        'DeleteRule',
        { RuleArn: `${arn}:listener-rule/app/no/1/2/3` },
        { code: 'RuleNotFoundException' },
      ],
      [
        'CreateLoadBalancer',
        { Name: 'web', Subnets: ['subnet-1', 'subnet-2'] },
        { code: 'SubnetNotFoundException' },
      ],
      [
        'CreateLoadBalancer',
        { Name: 'web', Subnets: subnetIds, Type: 'gateway' },
        { code: 'ValidationError', message: /The parameter Type of CreateLoadBalancer/ },
      ],
      [
        'CreateListener',
        { LoadBalancerArn: 'x', Protocol: 'GENEVE' },
        { message: /The parameter Protocol of CreateListener/ },
      ],
      ['CreateLoadBalancer', { Name: '-web-', Subnets: subnetIds }, { code: 'ValidationError' }],
    ]
    for (const [operation, input, error] of cases) {
      await assert.rejects(call(service, operation, input), error, operation)
    }
  })
})

test('rules are listed in their order with the default last, and change places', async () => {
  await within(async (world) => {
    const { ListenerArn, TargetGroupArn } = await makeSite(world)
    const arns: string[] = []
    for (const [Priority, path] of [
      [20, '/b'],
      [10, '/a*'],
    ] as const) {
      const { Rules = [] } = await call<CreateRuleOutput>(world.service, 'CreateRule', {
        ListenerArn,
        Priority,
        Conditions: [{ Field: 'path-pattern', Values: [path] }],
        Actions: [{ Type: 'forward', TargetGroupArn }],
      })
      arns.push(Rules[0]?.RuleArn ?? '')
    }
    const order = async () => {
      const { Rules = [] } = await call<DescribeRulesOutput>(world.service, 'DescribeRules', {
        ListenerArn,
      })
      return Rules.map((rule) => rule.Priority)
    }
    assert.deepEqual(await order(), ['10', '20', 'default'])
    await call(world.service, 'SetRulePriorities', {
      RulePriorities: arns.map((RuleArn, index) => ({ RuleArn, Priority: index === 0 ? 10 : 20 })),
    })
    assert.deepEqual(await order(), ['10', '20', 'default'])
    await assert.rejects(
      call(world.service, 'CreateRule', {
        ListenerArn,
        Priority: 10,
        Conditions: [{ Field: 'host-header', Values: ['a.example'] }],
        Actions: [{ Type: 'forward', TargetGroupArn }],
      }),
      { code: 'PriorityInUseException' },
    )
  })
})

test('attributes are honoured, or refused at values that are not true', async () => {
  await within(async (world) => {
    const { TargetGroupArn, LoadBalancerArn } = await makeSite(world)
    const attribute = (Key: string, Value: string) => ({
      TargetGroupArn,
      Attributes: [{ Key, Value }],
    })
    const operation = 'ModifyTargetGroupAttributes'
    const delay = attribute('deregistration_delay.timeout_seconds', '5')
    await call(world.service, operation, delay)
    const { Attributes = [] } = await call<DescribeTargetGroupAttributesOutput>(
      world.service,
      'DescribeTargetGroupAttributes',
      { TargetGroupArn },
    )
    assert.ok(Attributes.some((one) => one.Key?.startsWith('deregistration') && one.Value === '5'))
    for (const [key, value] of [
      ['load_balancing.algorithm.type', 'by_lot'],
      ['load_balancing.algorithm.anomaly_mitigation', 'on'],
      ['slow_start.duration_seconds', '10'],
      ['stickiness.app_cookie.cookie_name', 'AWSALBAPP-0'],
      ['stickiness.type', 'source_ip'],
    ] as const) {
      await assert.rejects(call(world.service, operation, attribute(key, value)), {
        message: new RegExp(`'${key}'`),
      })
    }
    await call(world.service, operation, attribute('slow_start.duration_seconds', '30'))
    const busy = attribute('load_balancing.algorithm.type', 'least_outstanding_requests')
    await assert.rejects(call(world.service, operation, busy), { message: /Slow start/ })
    const Attributes_ = [{ Key: 'deletion_protection.enabled', Value: 'true' }]
    const input = { LoadBalancerArn, Attributes: Attributes_ }
    await call(world.service, 'ModifyLoadBalancerAttributes', input)
    await assert.rejects(call(world.service, 'DeleteLoadBalancer', { LoadBalancerArn }), {
      code: 'OperationNotPermittedException',
    })
  })
})

test('every kind of condition is kept as it was given', async () => {
  await within(async (world) => {
    const { ListenerArn, TargetGroupArn } = await makeSite(world)
    const conditions = [
      { Field: 'path-pattern', Values: ['/a*'], PathPatternConfig: { Values: ['/a*'] } },
      { Field: 'host-header', Values: ['*.b'], HostHeaderConfig: { Values: ['*.b'] } },
      {
        Field: 'http-header',
        HttpHeaderConfig: { HttpHeaderName: 'User-Agent', Values: ['*Chrome*'] },
      },
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } },
      {
        Field: 'query-string',
        QueryStringConfig: { Values: [{ Key: 'version', Value: 'v1' }, { Value: '*x*' }] },
      },
      { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } },
    ]
    for (const [index, condition] of conditions.entries()) {
      const made = await call<CreateRuleOutput>(world.service, 'CreateRule', {
        ListenerArn,
        Priority: index + 10,
        Conditions: [condition],
        Actions: [{ Type: 'forward', TargetGroupArn }],
      })
      assert.deepEqual(made.Rules?.[0]?.Conditions, [condition])
    }
    const bad = { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.1'] } }
    await assert.rejects(
      call(world.service, 'CreateRule', {
        ListenerArn,
        Priority: 30,
        Conditions: [bad],
        Actions: [{ Type: 'forward', TargetGroupArn }],
      }),
      { message: /10\.0\.0\.1/ },
    )
  })
})

test('a network balancer has TCP listeners and groups alone, in one zone if need be', async () => {
  await within(async (world) => {
    const { service, subnetIds, vpcId } = world
    const balancer = await call<CreateLoadBalancerOutput>(service, 'CreateLoadBalancer', {
      Name: 'flow',
      Type: 'network',
      Subnets: subnetIds.slice(0, 1),
    })
    const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn ?? ''
    assert.match(LoadBalancerArn, /:loadbalancer\/net\/flow\//)
    assert.equal(balancer.LoadBalancers?.[0]?.Type, 'network')
    const group = { Name: 'flow', Protocol: 'TCP', Port: 22, VpcId: vpcId }
    const made = await call<CreateTargetGroupOutput>(service, 'CreateTargetGroup', group)
    const TargetGroupArn = made.TargetGroups?.[0]?.TargetGroupArn
    assert.equal(made.TargetGroups?.[0]?.HealthCheckProtocol, 'TCP')
    const listener = {
      LoadBalancerArn,
      Protocol: 'TCP',
      Port: 22,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }
    const refusals = [
      ['CreateListener', { ...listener, Protocol: 'HTTP' }, 'ValidationError'],
      [
        'ModifyTargetGroupAttributes',
        {
          TargetGroupArn,
          Attributes: [
            { Key: 'preserve_client_ip.enabled', Value: 'true' },
            { Key: 'proxy_protocol_v2.enabled', Value: 'true' },
          ],
        },
        'ValidationError',
      ],
      ['CreateTargetGroup', { ...group, Name: 'b', HealthCheckPath: '/' }, 'ValidationError'],
    ] as const
    for (const [operation, input, code] of refusals) {
      await assert.rejects(call(service, operation, input), { code }, operation)
    }
    const opened = await call<CreateListenerOutput>(service, 'CreateListener', listener)
    assert.equal(opened.Listeners?.[0]?.Protocol, 'TCP')
    const site = await makeSite(world)
    const DefaultActions = [{ Type: 'forward', TargetGroupArn: site.TargetGroupArn }]
    const mixed = { ...listener, Port: 23, DefaultActions }
    await assert.rejects(call(service, 'CreateListener', mixed), {
      code: 'IncompatibleProtocolsException',
    })
    const Attributes = [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }]
    await call(service, 'ModifyLoadBalancerAttributes', { LoadBalancerArn, Attributes })
  })
})

test('a target that is not registered says so, and tags are kept', async () => {
  await within(async (world) => {
    const { TargetGroupArn, LoadBalancerArn } = await makeSite(world)
    const { TargetHealthDescriptions = [] } = await call<DescribeTargetHealthOutput>(
      world.service,
      'DescribeTargetHealth',
      { TargetGroupArn, Targets: [{ Id: 'i-1' }] },
    )
    assert.equal(TargetHealthDescriptions[0]?.TargetHealth?.Reason, 'Target.NotRegistered')
    const ResourceArns = [LoadBalancerArn]
    await call(world.service, 'AddTags', { ResourceArns, Tags: [{ Key: 'b', Value: '1' }] })
    await call(world.service, 'RemoveTags', { ResourceArns, TagKeys: ['app'] })
    const tags = await call<DescribeTagsOutput>(world.service, 'DescribeTags', { ResourceArns })
    assert.deepEqual(tags.TagDescriptions?.[0]?.Tags, [{ Key: 'b', Value: '1' }])
    await assert.rejects(call(world.service, 'DeleteTargetGroup', { TargetGroupArn }), {
      code: 'ResourceInUseException',
    })
  })
})

test('template types make a site, find it again after a crash, and take it away', async () => {
  await within(async (world) => {
    const make = async (noun: string, properties: object) => {
      const type = typeOf(world, noun)
      const context = contextOf(world, noun)
      const first = await type.create(properties as never, context)
      const second = await type.create(properties as never, context)
      assert.equal(second.physicalId, first.physicalId, `${noun} is made once`)
      for (const name of type.attributes) assert.ok(name in first.attributes, name)
      return first
    }
    const balancer = await make('LoadBalancer', {
      Subnets: world.subnetIds,
      LoadBalancerAttributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '30' }],
    })
    const group = await make('TargetGroup', { Port: 80, Protocol: 'HTTP', VpcId: world.vpcId })
    const action = { Type: 'forward', TargetGroupArn: group.physicalId }
    const listener = await make('Listener', {
      LoadBalancerArn: balancer.physicalId,
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [action],
    })
    const rule = await make('ListenerRule', {
      ListenerArn: listener.physicalId,
      Priority: 5,
      Conditions: [{ Field: 'path-pattern', Values: ['/x'] }],
      Actions: [action],
    })
    assert.equal((await world.balance.balancers.list(world.scope))[0]?.idleTimeoutSeconds, 30)
    for (const [noun, { physicalId }] of [
      ['ListenerRule', rule],
      ['Listener', listener],
      ['TargetGroup', group],
      ['LoadBalancer', balancer],
    ] as const) {
      await typeOf(world, noun).remove({ physicalId, properties: {} }, contextOf(world, noun))
      await typeOf(world, noun).remove({ physicalId, properties: {} }, contextOf(world, noun))
    }
    assert.deepEqual(await world.balance.balancers.list(world.scope), [])
    assert.deepEqual(await world.balance.groups.list(world.scope), [])
  })
})

function typeOf(world: World, noun: string): ResourceType {
  const name = `AWS::ElasticLoadBalancingV2::${noun}`
  const type = world.types.find((candidate) => candidate.name === name)
  assert.ok(type)
  return type
}

/** Waiting for a balancer to become active calls it so: its gateways are the engine's tests. */
function contextOf(world: World, logicalId: string): ResourceContext {
  const { scope, store } = world
  return {
    scope,
    stackName: 'site',
    stackId: 'stack-1',
    logicalId,
    token: `token-${logicalId.toLowerCase()}`,
    tags: [
      { Key: 'aws:cloudformation:stack-id', Value: 'stack-1' },
      { Key: 'aws:cloudformation:logical-id', Value: logicalId },
    ],
    physicalName: () => `site-${logicalId}-1`,
    started: async () => undefined,
    signal: new AbortController().signal,
    async until(what, _milliseconds, check) {
      for (const record of await store.list(balancers, scope)) {
        await modify(store, { kind: balancers, scope, id: record.id }, (balancer) => ({
          ...balancer,
          state: 'active' as const,
        }))
      }
      const value = await check()
      if (value === undefined) throw new Error(`waited in vain for ${what}`)
      return value
    },
  }
}
