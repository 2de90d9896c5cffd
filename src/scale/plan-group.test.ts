import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { absent, seen, unknown } from '../kernel/observation.ts'
import {
  beginWaits,
  concludeWait,
  expireWaits,
  nextDeadline,
  type HookTransition,
} from './domain/hooks.ts'
import { describeStep, type Step } from './domain/steps.ts'
import type { GroupView, InstancePhase, MemberView, TargetPhase } from './domain/views.ts'
import { planGroup } from './plan-group.ts'

const arn = 'arn:tg'

interface SimMember {
  memberId: string
  zone: string
  lifecycle: MemberView['lifecycle']
  isHealthy: boolean
  why: MemberView['unhealthyReason']
  isLaunched: boolean
  isProtected: boolean
  isRebalancing: boolean
  createdAt: number
  inServiceAt: number | undefined
  terminatingAt: number | undefined
  registeredIn: string[]
  drainingFrom: string[]
  hooks: MemberView['hooks']
  phase: InstancePhase
  isUnknown: boolean
  target: TargetPhase | undefined
}

/** A group whose world obeys at once: what the plan asks for happens, unless a test holds it back. */
class Simulation {
  now = 0
  made = 0
  desired: number
  max: number
  zones: string[]
  usesTargetHealth = false
  targetGroupArns = [arn]
  suspended: string[] = []
  isDeleting = false
  isRemoved = false
  isUnsettled = true
  hooks: HookTransition[] = []
  members: SimMember[] = []
  destroyed: SimMember[] = []

  constructor(desired: number, max: number, zones: readonly string[]) {
    this.desired = desired
    this.max = max
    this.zones = [...zones]
  }

  plan(): readonly Step[] {
    return planGroup(
      this.view(),
      this.members.map((member) => this.see(member)),
      this.now,
    )
  }

  apply(step: Step): void {
    const id = 'memberId' in step ? step.memberId : ''
    const member = this.members.find((each) => each.memberId === id)
    switch (step.type) {
      case 'launch':
        this.members.push(this.newMember(step.place.zone, step.why === 'rebalance'))
        break
      case 'resume-launch':
        if (member) member.isLaunched = true
        break
      case 'bring-in':
        Object.assign(member ?? {}, {
          lifecycle: 'InService',
          inServiceAt: this.now,
          isRebalancing: false,
        })
        break
      case 'mark-unhealthy':
        Object.assign(member ?? {}, { isHealthy: false, why: step.why })
        break
      case 'take-out':
        Object.assign(member ?? {}, {
          lifecycle: 'Terminating',
          terminatingAt: this.now,
          hooks: undefined,
        })
        break
      case 'register':
        member?.registeredIn.push(step.targetGroupArn)
        if (member) member.target = 'healthy'
        break
      case 'deregister':
        if (!member) break
        member.registeredIn = member.registeredIn.filter((each) => each !== step.targetGroupArn)
        member.drainingFrom.push(step.targetGroupArn)
        member.target = 'draining'
        break
      case 'terminate':
        if (member) {
          assert.equal(member.isUnknown, false, 'never end what is not seen')
          this.destroyed.push(member)
          member.phase = 'ending'
        }
        break
      case 'finish':
        this.members = this.members.filter((each) => each !== member)
        break
      case 'begin-hooks':
        if (member) member.hooks = this.hold(step.transition)
        break
      case 'expire-hooks':
        if (member?.hooks) member.hooks = expireWaits(member.hooks, this.now)
        break
      case 'settle':
        this.isUnsettled = false
        break
      case 'remove-group':
        this.isRemoved = true
    }
  }

  hold(transition: HookTransition): MemberView['hooks'] {
    const hook = { name: 'h', transition, heartbeatSeconds: 2, defaultResult: 'CONTINUE' as const }
    return beginWaits([hook], transition, this.now, () => 'token')
  }

  /** Machines start and end, connections finish. */
  settleWorld(): void {
    this.now += 1000
    for (const member of this.members) {
      member.isUnknown = false
      if (member.phase === 'starting') member.phase = 'running'
      if (member.phase === 'ending') member.phase = 'gone'
      if (member.target === 'draining') member.target = undefined
    }
  }

  staff(): SimMember[] {
    return this.members.filter((member) => member.lifecycle !== 'Terminating')
  }

  view(): GroupView {
    return {
      maxSize: this.max,
      desiredCapacity: this.desired,
      places: this.zones.map((zone) => ({ zone })),
      usesTargetHealth: this.usesTargetHealth,
      graceMilliseconds: 0,
      targetGroupArns: this.targetGroupArns,
      terminationPolicies: ['Default'],
      suspended: this.suspended,
      isDeleting: this.isDeleting,
      launchNotBefore: 0,
      isUnsettled: this.isUnsettled,
      launchTemplateId: 'lt-1',
      hooks: this.hooks,
    }
  }

  newMember(zone: string, isRebalancing: boolean): SimMember {
    this.made++
    return {
      memberId: `m-${String(this.made).padStart(5, '0')}`,
      zone,
      lifecycle: 'Pending',
      isHealthy: true,
      why: undefined,
      isLaunched: true,
      isProtected: false,
      isRebalancing,
      createdAt: this.now,
      inServiceAt: undefined,
      terminatingAt: undefined,
      registeredIn: [],
      drainingFrom: [],
      hooks: undefined,
      phase: 'starting',
      isUnknown: false,
      target: undefined,
    }
  }

  see(member: SimMember): MemberView {
    const target = member.target === undefined ? absent : seen(member.target)
    return {
      ...member,
      instanceId: `i-${member.memberId}`,
      subnetId: undefined,
      unhealthyReason: member.why,
      launchTemplateId: 'lt-1',
      templateVersion: 1,
      instance: member.isUnknown ? unknown('no inventory') : seen(member.phase),
      targets: { [arn]: member.isUnknown ? unknown('no answer') : target },
    }
  }
}

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

function befall(simulation: Simulation, happening: Happening): void {
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

/** One pass, held to the laws that hold at every moment. */
function advance(simulation: Simulation): readonly Step[] {
  const sizeBefore = simulation.staff().length
  const blind = new Set(simulation.members.filter((each) => each.isUnknown).map((m) => m.memberId))
  const steps = simulation.plan()
  for (const step of steps) {
    const destroys = step.type === 'take-out' || step.type === 'terminate' || step.type === 'finish'
    if (destroys) assert.ok(!blind.has(step.memberId), `${describeStep(step)} without seeing it`)
    simulation.apply(step)
  }
  const size = simulation.staff().length
  assert.ok(size <= Math.max(simulation.max, sizeBefore), `${size} of at most ${simulation.max}`)
  return steps
}

function runToRest(simulation: Simulation): number {
  for (let passes = 0; passes < 200; passes++) {
    const steps = advance(simulation)
    const isMoving = simulation.members.some(
      (member) =>
        member.isUnknown ||
        member.phase !== 'running' ||
        member.target === 'draining' ||
        (member.hooks !== undefined && nextDeadline(member.hooks) !== undefined),
    )
    if (steps.length === 0 && !isMoving) return passes
    simulation.settleWorld()
  }
  return assert.fail(`no rest after 200 passes: ${simulation.plan().map(describeStep).join('; ')}`)
}

test('from any history a group comes to rest at its capacity, spread over its zones', () => {
  fc.assert(
    fc.property(fc.array(happenings, { maxLength: 40 }), (history) => {
      const simulation = new Simulation(3, 4, ['a', 'b', 'c'])
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
  const simulation = new Simulation(1, 2, ['a'])
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
  const simulation = new Simulation(5, 5, ['a', 'b', 'c'])
  runToRest(simulation)
  simulation.destroyed = []
  for (let pass = 0; pass < 5; pass++) assert.deepEqual(advance(simulation), [])
  assert.deepEqual(simulation.destroyed, [])
})

test('a deleted group ends everything, protected or not, and then itself', () => {
  fc.assert(
    fc.property(fc.array(happenings, { maxLength: 20 }), fc.nat(30), (history, desired) => {
      const simulation = new Simulation(desired, desired, ['a', 'b'])
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
  const simulation = new Simulation(4, 4, ['a', 'b'])
  runToRest(simulation)
  for (const member of simulation.members) member.isUnknown = true
  simulation.desired = 0
  assert.deepEqual(advance(simulation), [])
})

test('when every target is unhealthy a third goes at a time', () => {
  const simulation = new Simulation(9, 9, ['a', 'b', 'c'])
  runToRest(simulation)
  simulation.usesTargetHealth = true
  simulation.now += 1000
  for (const member of simulation.members) member.target = 'unhealthy'
  const steps = simulation.plan()
  assert.equal(steps.filter((step) => step.type === 'take-out').length, 3)
  assert.equal(steps.filter((step) => step.type === 'launch').length, 3)
})

test('suspended processes do nothing', () => {
  const simulation = new Simulation(3, 6, ['a', 'b', 'c'])
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
  const simulation = new Simulation(3, 3, ['a', 'b', 'c'])
  runToRest(simulation)
  for (const member of simulation.members) member.isProtected = member.zone !== 'b'
  simulation.desired = 1
  const steps = simulation.plan()
  assert.deepEqual(steps.map(describeStep), ['take m-00002 out of service (scale-in)'])
})
