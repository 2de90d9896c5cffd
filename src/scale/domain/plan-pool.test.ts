import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { advance, GroupSimulation, runToRest } from '../../testing/group-simulation.ts'
import { concludeWait } from './hooks.ts'
import { poolSize } from './plan-pool.ts'
import type { PoolView } from './views.ts'

const stoppedPool: PoolView = {
  state: 'Stopped',
  minSize: 0,
  reusesOnScaleIn: false,
  isDeleting: false,
  outdated: new Set(),
}

function withPool(desired: number, max: number, pool: Partial<PoolView> = {}): GroupSimulation {
  const simulation = new GroupSimulation(desired, max, ['a', 'b', 'c'])
  simulation.pool = { ...stoppedPool, ...pool }
  return simulation
}

const lifecycles = (simulation: GroupSimulation) =>
  simulation.members.map(({ lifecycle }) => lifecycle).toSorted()

test('a pool holds what is prepared beyond the desired capacity, and its own minimum at least', () => {
  const group = { maxSize: 10, desiredCapacity: 4 }
  assert.equal(poolSize(undefined, group), 0)
  assert.equal(poolSize(stoppedPool, group), 6)
  assert.equal(poolSize({ ...stoppedPool, preparedMax: 7 }, group), 3)
  assert.equal(poolSize({ ...stoppedPool, preparedMax: 3 }, group), 0)
  assert.equal(poolSize({ ...stoppedPool, preparedMax: 3, minSize: 2 }, group), 2)
  assert.equal(poolSize({ ...stoppedPool, isDeleting: true }, group), 0)
})

test('a pool fills up beside its group, and stops what it prepared', () => {
  const simulation = withPool(1, 3)
  assert.deepEqual(
    advance(simulation).map(({ type }) => type),
    ['launch'],
    'the group itself comes first',
  )
  runToRest(simulation)
  assert.deepEqual(lifecycles(simulation), ['InService', 'Warmed:Stopped', 'Warmed:Stopped'])
  assert.equal(simulation.members.filter(({ phase }) => phase === 'stopped').length, 2)
  const zones = simulation.members.map(({ zone }) => zone).toSorted()
  assert.deepEqual(zones, ['a', 'b', 'c'])
})

test('a group that grows draws from the pool, and launches what is missing there', () => {
  const simulation = withPool(1, 5, { preparedMax: 3, minSize: 1 })
  runToRest(simulation)
  const made = simulation.made
  simulation.desired = 4
  const steps = advance(simulation).map(({ type }) => type)
  assert.deepEqual(steps.toSorted(), ['draw', 'draw', 'launch'])
  runToRest(simulation)
  assert.equal(simulation.staff().length, 4)
  assert.equal(simulation.made, made + 2, 'one for the group, one for the minimum of the pool')
  assert.equal(simulation.destroyed.length, 0)
})

test('hooks hold an instance on its way into the pool and again on its way into service', () => {
  const simulation = withPool(0, 1, { state: 'Running' })
  simulation.isUnsettled = false
  simulation.hooks = ['launching']
  const types = () => advance(simulation).map((step) => step.type)
  const conclude = () => {
    const [member] = simulation.members
    if (member) member.hooks = concludeWait(member.hooks, { hookName: 'h' }, 'CONTINUE')
  }
  assert.deepEqual(types(), ['launch'])
  simulation.settleWorld()
  assert.deepEqual(types(), ['begin-hooks'])
  assert.deepEqual(types(), [])
  conclude()
  assert.deepEqual(types(), ['enter-pool'])
  assert.deepEqual(lifecycles(simulation), ['Warmed:Running'])
  simulation.desired = 1
  assert.deepEqual(types(), ['draw'])
  assert.deepEqual(types(), ['begin-hooks'])
  conclude()
  assert.deepEqual(types(), ['bring-in'])
})

test('with reuse a group that shrinks gives back, drained and stopped, and ends nothing', () => {
  const simulation = withPool(3, 3, { reusesOnScaleIn: true })
  runToRest(simulation)
  simulation.desired = 1
  assert.deepEqual(
    advance(simulation).map(({ type }) => type),
    ['return', 'return'],
  )
  assert.ok(advance(simulation).every(({ type }) => type === 'deregister'))
  runToRest(simulation)
  assert.deepEqual(lifecycles(simulation), ['InService', 'Warmed:Stopped', 'Warmed:Stopped'])
  assert.deepEqual(simulation.destroyed, [])
})

test('what an instance refresh finds too old in the pool ends and is prepared anew', () => {
  const simulation = withPool(1, 3)
  runToRest(simulation)
  const old = simulation.members.filter(({ lifecycle }) => lifecycle === 'Warmed:Stopped')
  const outdated = new Set(old.map(({ memberId }) => memberId))
  simulation.pool = { ...stoppedPool, outdated }
  simulation.desired = 2
  const steps = advance(simulation).map(({ type }) => type)
  assert.ok(!steps.includes('draw'), 'nothing old comes into service')
  runToRest(simulation)
  assert.ok(simulation.members.every(({ memberId }) => !outdated.has(memberId)))
  assert.deepEqual(lifecycles(simulation), ['InService', 'InService', 'Warmed:Stopped'])
})

test('a prepared machine that dies or fails its checks is replaced, one that was stopped is not', () => {
  for (const [state, phase] of [
    ['Running', 'impaired'],
    ['Running', 'stopped'],
    ['Stopped', 'gone'],
  ] as const) {
    const simulation = withPool(0, 1, { state })
    runToRest(simulation)
    const [member] = simulation.members
    assert.ok(member)
    member.phase = phase
    const types = advance(simulation).map((step) => step.type)
    assert.deepEqual(types.slice(0, 2), ['mark-unhealthy', 'take-out'], `${state} ${phase}`)
    runToRest(simulation)
    assert.equal(simulation.members.length, 1)
    assert.ok(!simulation.members.includes(member))
  }
})

test('a pool that is deleted ends its instances, hooks first, and then itself', () => {
  const simulation = withPool(1, 3)
  runToRest(simulation)
  simulation.pool = { ...stoppedPool, isDeleting: true }
  runToRest(simulation)
  assert.equal(simulation.pool, undefined)
  assert.deepEqual(lifecycles(simulation), ['InService'])
})

type Happening =
  | { readonly type: 'resize'; readonly desired: number; readonly room: number }
  | { readonly type: 'pool'; readonly pool: PoolView | undefined }
  | { readonly type: 'zones'; readonly zones: readonly string[] }
  | { readonly type: 'die' | 'blind' | 'boot' | 'unwell'; readonly pick: number }
  | { readonly type: 'calm' }
  | { readonly type: 'pass' }

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant('resize' as const), desired: fc.nat(6), room: fc.nat(3) }),
  fc.record({
    type: fc.constant('pool' as const),
    pool: fc.option(
      fc.record({
        state: fc.constantFrom('Stopped' as const, 'Running' as const),
        minSize: fc.nat(3),
        preparedMax: fc.option(fc.nat(8), { nil: undefined }),
        reusesOnScaleIn: fc.boolean(),
        isDeleting: fc.boolean(),
        outdated: fc.constant(new Set<string>()),
      }),
      { nil: undefined },
    ),
  }),
  fc.record({
    type: fc.constant('zones' as const),
    zones: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  }),
  fc.record({
    type: fc.constantFrom('die' as const, 'blind' as const, 'boot' as const, 'unwell' as const),
    pick: fc.nat(20),
  }),
  fc.record({ type: fc.constant('calm' as const) }),
  fc.record({ type: fc.constant('pass' as const) }),
)

function befall(simulation: GroupSimulation, happening: Happening): void {
  if (happening.type === 'resize') {
    simulation.desired = happening.desired
    simulation.max = happening.desired + happening.room
  } else if (happening.type === 'pool') simulation.pool = happening.pool
  else if (happening.type === 'zones') simulation.zones = [...happening.zones]
  else if (happening.type === 'calm') simulation.settleWorld()
  else if (happening.type === 'pass') advance(simulation)
  else {
    const member = simulation.members[happening.pick % Math.max(1, simulation.members.length)]
    if (!member) return
    if (happening.type === 'die') member.phase = 'stopped'
    if (happening.type === 'boot' && member.phase === 'stopped') member.phase = 'running'
    if (happening.type === 'blind') member.isUnknown = true
    if (happening.type === 'unwell') member.isHealthy = false
  }
}

test('from any history a group and its pool come to rest at their sizes, and nothing is left over', () => {
  fc.assert(
    fc.property(fc.array(happenings, { maxLength: 40 }), (history) => {
      const simulation = withPool(2, 4)
      for (const happening of history) befall(simulation, happening)
      runToRest(simulation)
      const staff = simulation.staff()
      const pooled = simulation.members.filter(({ lifecycle }) => lifecycle.startsWith('Warmed:'))
      assert.equal(staff.length, simulation.desired)
      assert.ok(
        staff.every(({ lifecycle, phase }) => lifecycle === 'InService' && phase === 'running'),
      )
      const { pool } = simulation
      const group = { maxSize: simulation.max, desiredCapacity: simulation.desired }
      assert.equal(pooled.length, poolSize(pool, group))
      assert.equal(simulation.members.length, staff.length + pooled.length)
      for (const { lifecycle, phase } of pooled) {
        assert.equal(lifecycle, phase === 'stopped' ? 'Warmed:Stopped' : 'Warmed:Running')
      }
      const sizes = simulation.zones.map(
        (zone) => staff.filter((member) => member.zone === zone).length,
      )
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `spread ${sizes.join(' ')}`)
    }),
    { numRuns: 1500 },
  )
})
