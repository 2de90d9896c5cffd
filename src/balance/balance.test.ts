import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GatewayConfiguration, GatewayReport, TargetHealth } from '../protocol/gateway.ts'
import { createLoop } from '../reconcile/loop.ts'
import { silentLog } from '../kernel/ports.ts'
import { computeWorld, type ComputeWorld } from '../testing/compute-world.ts'
import { targetGroupArn } from './arns.ts'
import { createBalance, type Balance } from './create-balance.ts'
import { gatewayInterfaceId } from './records.ts'

interface World extends ComputeWorld {
  readonly balance: Balance
  readonly subnetIds: readonly string[]
}

const noWait = new AbortController()
noWait.abort()

async function withWorld(body: (world: World) => Promise<void>): Promise<void> {
  const world = await computeWorld()
  const { store, clock } = world
  const loop = createLoop({ store, clock, log: silentLog, holder: 'test-balance' })
  const balance = createBalance(
    { ...world.context, wake: loop },
    {
      driver: world.host,
      network: world.network,
      runDirectory: '/run/evenkeel-test',
      folders: { make: async () => undefined, remove: async () => undefined },
    },
  )
  for (const reconciler of balance.reconcilers) loop.add(reconciler)
  await loop.start()
  const subnets = await world.network.defaultSubnets(world.scope)
  const subnetIds = subnets.map((subnet) => subnet.subnetId)
  try {
    await body({ ...world, balance, subnetIds })
  } finally {
    balance.close()
    await loop.stop()
    await world.close()
  }
}

const check = {
  enabled: true,
  protocol: 'http',
  port: 'traffic-port',
  path: '/',
  intervalSeconds: 30,
  timeoutSeconds: 5,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  matcher: '200',
} as const

async function makeSite(world: World) {
  const { balance, scope, subnetIds } = world
  const vpcId = (await world.network.subnets(scope))[0]?.vpcId ?? ''
  const balancer = await balance.balancers.create(scope, {
    name: 'web',
    scheme: 'internet-facing',
    subnetIds,
    securityGroupIds: [],
    tags: [],
  })
  const group = await balance.groups.create(scope, {
    name: 'web',
    port: 80,
    vpcId,
    targetType: 'instance',
    healthCheck: check,
    tags: [],
  })
  const listener = await balance.listeners.create(scope, {
    balancerId: balancer.balancerId,
    port: 80,
    action: { type: 'forward', targetGroups: [{ targetGroupId: group.groupId, weight: 1 }] },
    tags: [],
  })
  return { balancer, group, listener, arn: targetGroupArn(scope, group.groupId) }
}

async function launchTarget(world: World): Promise<string> {
  const [record] = await world.compute.instances.launch(world.scope, {
    imageId: 'ami-12345678',
    instanceType: 't3.micro',
    count: 1,
    subnetId: world.subnetIds[0] ?? '',
    tags: [],
  })
  await world.clock.advance(1000)
  return record?.id ?? ''
}

function gatewayIds(world: World): string[] {
  return [...world.host.machines.keys()].filter((id) => id.startsWith('gw-'))
}

async function configuration(world: World, gatewayId: string): Promise<GatewayConfiguration> {
  const found = await world.balance.gatewayConfiguration(gatewayId, -1, noWait.signal)
  assert.ok(found)
  return found
}

/** Every gateway says this of the target. */
async function reportAll(world: World, health: Partial<TargetHealth>, groupId: string) {
  for (const gatewayId of gatewayIds(world)) {
    const report: GatewayReport = {
      gatewayId,
      generation: 1,
      requestCount: 0,
      listening: [],
      targets: [
        {
          targetGroupId: groupId,
          targetId: '',
          state: 'healthy',
          requestsInFlight: 0,
          since: 0,
          ...health,
        },
      ],
    }
    await world.balance.report(gatewayId, report)
  }
  await world.clock.advance(100)
}

test('a balancer gets one gateway in each of its subnets, and is active once they answer', async () => {
  await withWorld(async (world) => {
    const { balancer, listener } = await makeSite(world)
    await world.clock.advance(1000)
    assert.equal(gatewayIds(world).length, 3)
    const state = async () =>
      (await world.balance.balancers.find(world.scope, balancer.balancerId))?.state
    assert.equal(await state(), 'provisioning')
    for (const gatewayId of gatewayIds(world)) {
      const { listeners } = await configuration(world, gatewayId)
      assert.deepEqual(
        listeners.map(({ id, port, rules }) => ({ id, port, rules: rules.length })),
        [{ id: listener.listenerId, port: 80, rules: 1 }],
      )
      const nodes = await world.network.interfaces.list(world.scope, { machineId: gatewayId })
      assert.equal(nodes.length, 2)
      assert.ok(nodes.some((node) => node.address === listeners[0]?.address))
      assert.ok(nodes.some((node) => node.interfaceId === gatewayInterfaceId(gatewayId)))
    }
    await reportAll(world, {}, 'none')
    assert.equal(await state(), 'active')
    const edge = await world.balance.edgeConfiguration(-1, noWait.signal)
    assert.deepEqual(edge?.sites[0]?.names, [balancer.dnsName])
    assert.equal(edge?.sites[0]?.gateways.length, 3)
  })
})

test('a gateway whose machine ends is launched again under its own name', async () => {
  await withWorld(async (world) => {
    await makeSite(world)
    await world.clock.advance(1000)
    const [victim = ''] = gatewayIds(world)
    world.host.kill(victim)
    await world.clock.advance(100)
    // Woken by its end, long before the period; the keys that instances' documents are signed with are made in real time.
    const deadline = Date.now() + 10_000
    const isBack = () => world.host.machines.get(victim)?.status.phase === 'running'
    while (!isBack() && Date.now() < deadline) await world.clock.settle()
    assert.equal(world.host.machines.get(victim)?.status.phase, 'running')
    assert.ok(world.host.calls.filter((call) => call === `launch ${victim}`).length === 2)
  })
})

test('while the host is away no gateway is launched or removed', async () => {
  await withWorld(async (world) => {
    await makeSite(world)
    await world.clock.advance(1000)
    const before = gatewayIds(world)
    world.host.setAway(true)
    await world.clock.advance(60_000)
    world.host.setAway(false)
    await world.clock.advance(60_000)
    assert.deepEqual(gatewayIds(world), before)
  })
})

test('a removed balancer takes its gateways and addresses with it', async () => {
  await withWorld(async (world) => {
    const { balancer, group } = await makeSite(world)
    await world.clock.advance(1000)
    await assert.rejects(world.balance.groups.remove(world.scope, group.groupId), {
      code: 'ResourceInUse',
    })
    await world.balance.balancers.remove(world.scope, balancer.balancerId)
    await world.clock.advance(2000)
    assert.deepEqual(gatewayIds(world), [])
    assert.deepEqual(await world.network.interfaces.list(world.scope), [])
    await world.balance.groups.remove(world.scope, group.groupId)
    assert.deepEqual(await world.balance.groups.list(world.scope), [])
  })
})

test('a registered instance is carried to gateways; its health is what they report', async () => {
  await withWorld(async (world) => {
    const { arn, group } = await makeSite(world)
    const instanceId = await launchTarget(world)
    await world.balance.targets.register(world.scope, arn, [{ targetId: instanceId }])
    await world.clock.advance(100)
    const [gatewayId = ''] = gatewayIds(world)
    const { targetGroups } = await configuration(world, gatewayId)
    const { privateAddress: address } = await world.instance(instanceId)
    assert.deepEqual(targetGroups[0]?.targets, [
      { id: `${instanceId}:80`, address, port: 80, state: 'active' },
    ])
    const view = async () => (await world.balance.targets.list(world.scope, arn))?.[0]
    assert.equal((await view())?.reason, 'Elb.RegistrationInProgress')
    await reportAll(world, { targetId: `${instanceId}:80` }, group.groupId)
    assert.equal((await view())?.state, 'healthy')
  })
})

test('a target does not seem to go back when a gateway hears of it later than the others', async () => {
  await withWorld(async (world) => {
    const { arn, group } = await makeSite(world)
    const instanceId = await launchTarget(world)
    await world.balance.targets.register(world.scope, arn, [{ targetId: instanceId }])
    await world.clock.advance(100)
    const [late = '', early = ''] = gatewayIds(world)
    const report = (gatewayId: string, reason: string) =>
      world.balance.report(gatewayId, {
        ...{ gatewayId, generation: 1, requestCount: 0, listening: [] },
        targets: [
          {
            ...{ targetGroupId: group.groupId, targetId: `${instanceId}:80`, state: 'initial' },
            ...{ reason, requestsInFlight: 0, since: 0 },
          },
        ],
      })
    const reason = async () => (await world.balance.targets.list(world.scope, arn))?.[0]?.reason
    await report(late, 'Elb.RegistrationInProgress')
    await report(early, 'Elb.InitialHealthChecking')
    assert.equal(await reason(), 'Elb.InitialHealthChecking')
    await report(early, 'Elb.InitialHealthChecking')
    await report(late, 'Elb.RegistrationInProgress')
    assert.equal(await reason(), 'Elb.InitialHealthChecking')
  })
})

test('a machine that ends is gone for gateways at once, before any record says so', async () => {
  await withWorld(async (world) => {
    const { arn } = await makeSite(world)
    const instanceId = await launchTarget(world)
    await world.balance.targets.register(world.scope, arn, [{ targetId: instanceId }])
    await world.clock.advance(100)
    const [gatewayId = ''] = gatewayIds(world)
    const before = await configuration(world, gatewayId)
    const waiting = world.balance.gatewayConfiguration(
      gatewayId,
      before.generation,
      new AbortController().signal,
    )
    world.host.kill(instanceId)
    const after = await waiting
    assert.equal(after?.targetGroups[0]?.targets[0]?.state, 'gone')
    const [view] = (await world.balance.targets.list(world.scope, arn)) ?? []
    assert.equal(view?.reason, 'Target.InvalidState')
    assert.equal(view?.description, 'Target is in the stopped state')
    await world.compute.instances.terminate(world.scope, instanceId)
    await world.clock.advance(1000)
    const [ended] = (await world.balance.targets.list(world.scope, arn)) ?? []
    assert.equal(ended?.description, 'Target is in the terminated state')
  })
})

test('a deregistered target drains until nothing is under way, then leaves', async () => {
  await withWorld(async (world) => {
    const { arn, group } = await makeSite(world)
    const instanceId = await launchTarget(world)
    const targetId = `${instanceId}:80`
    await world.balance.targets.register(world.scope, arn, [{ targetId: instanceId }])
    await reportAll(world, { targetId }, group.groupId)
    await world.balance.targets.deregister(world.scope, arn, [{ targetId: instanceId }])
    const count = async () => (await world.balance.targets.list(world.scope, arn))?.length
    for (let second = 0; second < 20; second++) {
      await reportAll(world, { targetId, state: 'draining', requestsInFlight: 1 }, group.groupId)
      await world.clock.advance(1000)
    }
    assert.equal(await count(), 1)
    await reportAll(world, { targetId, state: 'draining', requestsInFlight: 0 }, group.groupId)
    assert.equal(await count(), 0)
  })
})

test('a target that never gets idle leaves when its delay is over', async () => {
  await withWorld(async (world) => {
    const { arn, group } = await makeSite(world)
    await world.balance.groups.modify(world.scope, group.groupId, (known) => ({
      ...known,
      deregistrationDelaySeconds: 15,
    }))
    const instanceId = await launchTarget(world)
    await world.balance.targets.register(world.scope, arn, [{ targetId: instanceId }])
    await world.balance.targets.deregister(world.scope, arn, [{ targetId: instanceId }])
    const busy = { targetId: `${instanceId}:80`, state: 'draining', requestsInFlight: 1 } as const
    for (let second = 0; second < 14; second++) {
      await reportAll(world, busy, group.groupId)
      await world.clock.advance(800)
    }
    assert.equal((await world.balance.targets.list(world.scope, arn))?.length, 1)
    await world.clock.advance(5000)
    assert.equal((await world.balance.targets.list(world.scope, arn))?.length, 0)
  })
})

test('names, ports, priorities and groups of other balancers are refused in ELBv2 words', async () => {
  await withWorld(async (world) => {
    const { balancer, group, listener } = await makeSite(world)
    const { balance, scope, subnetIds } = world
    const again = {
      name: 'web',
      scheme: 'internal',
      subnetIds,
      securityGroupIds: [],
      tags: [],
    } as const
    await assert.rejects(balance.balancers.create(scope, again), {
      code: 'DuplicateLoadBalancerName',
    })
    const { action } = listener
    await assert.rejects(
      balance.listeners.create(scope, {
        balancerId: balancer.balancerId,
        port: 80,
        action,
        tags: [],
      }),
      { code: 'DuplicateListener' },
    )
    const other = await balance.balancers.create(scope, { ...again, name: 'other' })
    await assert.rejects(
      balance.listeners.create(scope, { balancerId: other.balancerId, port: 80, action, tags: [] }),
      { code: 'TargetGroupAssociationLimit' },
    )
    const rule = {
      listenerId: listener.listenerId,
      priority: 1,
      conditions: [{ field: 'path', values: ['/a'] }],
      action: { type: 'forward', targetGroups: [{ targetGroupId: group.groupId, weight: 1 }] },
      tags: [],
    } as const
    await balance.listeners.createRule(scope, rule)
    await assert.rejects(balance.listeners.createRule(scope, rule), { code: 'PriorityInUse' })
    await assert.rejects(
      balance.balancers.create(scope, { ...again, name: 'one', subnetIds: subnetIds.slice(0, 1) }),
      { code: 'ValidationError' },
    )
    await assert.rejects(
      balance.targets.register(scope, targetGroupArn(scope, group.groupId), [{ targetId: 'i-0' }]),
      { code: 'InvalidTarget' },
    )
  })
})
