import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { advance, arn, GroupSimulation, runToRest } from '../testing/group-simulation.ts'
import { concludeWait, type HookTransition } from './domain/hooks.ts'
import { describeStep } from './domain/steps.ts'

/** Something that happens to a group; `pick` chooses the member that it happens to. */
type Happening =
  | { readonly type: 'resize'; readonly desired: number; readonly room: number }
  | { readonly type: 'zones'; readonly zones: readonly string[] }
  | {
      readonly type: 'die' | 'sicken' | 'blind' | 'unwell' | 'forget' | 'conclude'
      readonly pick: number
    }
  | { readonly type: 'elb'; readonly isOn: boolean }
  | { readonly type: 'hooks'; readonly hooks: readonly HookTransition[] }
  | { readonly type: 'calm' | 'pass' }

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant('resize' as const), desired: fc.nat(9), room: fc.nat(3) }),
  fc.record({
    type: fc.constant('zones' as const),
    zones: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  }),
  fc.record({
    type: fc.constantFrom(
      'die' as const,
      'sicken' as const,
      'blind' as const,
      'unwell' as const,
      'forget' as const,
      'conclude' as const,
    ),
    pick: fc.nat(20),
  }),
  fc.record({
    type: fc.constant('hooks' as const),
    hooks: fc.subarray(['launching' as const, 'terminating' as const]),
  }),
  fc.record({ type: fc.constant('elb' as const), isOn: fc.boolean() }),
  fc.record({ type: fc.constantFrom('calm' as const, 'pass' as const) }),
)

function befall(simulation: GroupSimulation, happening: Happening): void {
  switch (happening.type) {
    case 'resize':
      simulation.desired = happening.desired
      simulation.max = happening.desired + happening.room
      simulation.isUnsettled = true
      return
    case 'zones':
      simulation.zones = [...happening.zones]
      return
    case 'hooks':
      simulation.hooks = [...happening.hooks]
      return
    case 'elb':
      simulation.usesTargetHealth = happening.isOn
      return
    case 'calm':
      simulation.settleWorld()
      return
    case 'pass':
      advance(simulation)
      return
    case 'die':
    case 'sicken':
    case 'blind':
    case 'unwell':
    case 'conclude':
    case 'forget': {
      const member = simulation.members[happening.pick % Math.max(1, simulation.members.length)]
      if (!member) return
      if (happening.type === 'die') member.phase = 'stopped'
      if (happening.type === 'sicken' && member.target === 'healthy') member.target = 'unhealthy'
      if (happening.type === 'conclude')
        member.hooks = concludeWait(member.hooks, { hookName: 'h' }, 'CONTINUE') ?? member.hooks
      if (happening.type === 'blind') member.isUnknown = true
      if (happening.type === 'unwell')
        Object.assign(member, { isHealthy: false, why: 'user-health' })
      if (happening.type === 'forget' && member.lifecycle === 'Pending') member.isLaunched = false
    }
  }
}

test('from any history a group comes to rest at its capacity, spread over its zones', () => {
  fc.assert(
    fc.property(fc.array(happenings, { maxLength: 40 }), (history) => {
      const simulation = new GroupSimulation(3, 4, ['a', 'b', 'c'])
      for (const happening of history) befall(simulation, happening)
      runToRest(simulation)
      const staff = simulation.staff()
      assert.equal(staff.length, simulation.desired)
      assert.equal(simulation.members.length, simulation.desired)
      assert.ok(staff.every((member) => member.lifecycle === 'InService'))
      assert.ok(staff.every((member) => member.registeredIn.includes(arn)))
      const sizes = simulation.zones.map(
        (zone) => staff.filter((member) => member.zone === zone).length,
      )
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `spread ${sizes.join(' ')}`)
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        simulation.desired,
      )
    }),
    { numRuns: 3000 },
  )
})

test('hooks hold a launch out of service and a departure from its end, until they are over', () => {
  const simulation = new GroupSimulation(1, 2, ['a'])
  simulation.hooks = ['launching', 'terminating']
  const types = () => advance(simulation).map((step) => step.type)
  assert.deepEqual(types(), ['launch'])
  simulation.settleWorld()
  assert.deepEqual(types(), ['begin-hooks'])
  assert.deepEqual(types(), [])
  const [member] = simulation.members
  assert.ok(member)
  member.hooks = concludeWait(member.hooks, { hookName: 'h' }, 'CONTINUE')
  assert.deepEqual(types(), ['bring-in'])
  simulation.targetGroupArns = []
  runToRest(simulation)
  simulation.desired = 0
  assert.deepEqual(types(), ['take-out'])
  assert.deepEqual(types(), ['begin-hooks'])
  assert.deepEqual(types(), [])
  simulation.now += 2000
  assert.deepEqual(types(), ['expire-hooks'])
  assert.deepEqual(types(), ['terminate'])
})

test('a group at rest stays at rest', () => {
  const simulation = new GroupSimulation(5, 5, ['a', 'b', 'c'])
  runToRest(simulation)
  simulation.destroyed = []
  for (let pass = 0; pass < 5; pass++) assert.deepEqual(advance(simulation), [])
  assert.deepEqual(simulation.destroyed, [])
})

test('a deleted group ends everything, protected or not, and then itself', () => {
  fc.assert(
    fc.property(fc.array(happenings, { maxLength: 20 }), fc.nat(30), (history, desired) => {
      const simulation = new GroupSimulation(desired, desired, ['a', 'b'])
      runToRest(simulation)
      for (const happening of history) befall(simulation, happening)
      for (const member of simulation.members) member.isProtected = true
      Object.assign(simulation, { isDeleting: true, desired: 0, max: 0 })
      for (let pass = 0; pass < 100 && !simulation.isRemoved; pass++) {
        for (const step of simulation.plan()) simulation.apply(step)
        simulation.settleWorld()
      }
      assert.equal(simulation.isRemoved, true)
      assert.deepEqual(simulation.members, [])
    }),
    { numRuns: 200 },
  )
})

test('nothing that cannot be seen is destroyed, even when the group shrinks to nothing', () => {
  const simulation = new GroupSimulation(4, 4, ['a', 'b'])
  runToRest(simulation)
  for (const member of simulation.members) member.isUnknown = true
  simulation.desired = 0
  assert.deepEqual(advance(simulation), [])
})

test('when every target is unhealthy a third goes at a time', () => {
  const simulation = new GroupSimulation(9, 9, ['a', 'b', 'c'])
  runToRest(simulation)
  simulation.usesTargetHealth = true
  simulation.now += 1000
  for (const member of simulation.members) member.target = 'unhealthy'
  const steps = simulation.plan()
  assert.equal(steps.filter((step) => step.type === 'take-out').length, 3)
  assert.equal(steps.filter((step) => step.type === 'launch').length, 3)
})

test('suspended processes do nothing', () => {
  const simulation = new GroupSimulation(3, 6, ['a', 'b', 'c'])
  runToRest(simulation)
  const types = () => simulation.plan().map((step) => step.type)
  simulation.suspended = ['Launch']
  simulation.desired = 5
  assert.deepEqual(types(), [])
  simulation.suspended = ['Terminate']
  simulation.desired = 1
  assert.deepEqual(types(), [])
  simulation.desired = 3
  const [member] = simulation.members
  if (member) member.phase = 'stopped'
  assert.deepEqual(types(), ['mark-unhealthy'])
  simulation.suspended = ['HealthCheck']
  assert.deepEqual(types(), [])
  simulation.suspended = []
  assert.deepEqual(types(), ['mark-unhealthy', 'take-out', 'launch'])
})

test('protected instances are not chosen when the group shrinks', () => {
  const simulation = new GroupSimulation(3, 3, ['a', 'b', 'c'])
  runToRest(simulation)
  for (const member of simulation.members) member.isProtected = member.zone !== 'b'
  simulation.desired = 1
  const steps = simulation.plan()
  assert.deepEqual(steps.map(describeStep), ['take m-00002 out of service (scale-in)'])
})
