import assert from 'node:assert/strict'
import { absent, seen, unknown } from '../kernel/observation.ts'
import {
  beginWaits,
  expireWaits,
  nextDeadline,
  type HookTransition,
} from '../scale/domain/hooks.ts'
import { describeStep, type Step } from '../scale/domain/steps.ts'
import {
  isPooled,
  isStaff,
  type GroupView,
  type InstancePhase,
  type LaunchChoice,
  type LaunchReason,
  type MemberView,
  type TargetPhase,
} from '../scale/domain/views.ts'
import { planGroup } from '../scale/plan-group.ts'

export const arn = 'arn:tg'

export interface SimMember {
  memberId: string
  zone: string
  instanceType: string | undefined
  market: MemberView['market']
  lifecycle: MemberView['lifecycle']
  warm: MemberView['warm']
  isHealthy: boolean
  why: MemberView['unhealthyReason']
  isLaunched: boolean
  isProtected: boolean
  isRebalancing: boolean
  replaces: string | undefined
  createdAt: number
  inServiceAt: number | undefined
  terminatingAt: number | undefined
  registeredIn: string[]
  drainingFrom: string[]
  hooks: MemberView['hooks']
  phase: InstancePhase
  isUnknown: boolean
  target: TargetPhase | undefined
  version: number
}

/** A group whose world obeys at once: what the plan asks for happens, unless a test holds it back. */
export class GroupSimulation {
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
  /** Of the template, for the next launches. */
  version = 1
  hooks: HookTransition[] = []
  replacement: ((staff: readonly MemberView[]) => GroupView['replacement']) | undefined
  maintenance: GroupView['maintenance']
  pool: GroupView['pool']
  mixed: GroupView['mixed']
  launchFailures = 0
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
    if (isMove(step)) return member && move(member, step)
    switch (step.type) {
      case 'launch':
        this.members.push(this.newMember(step.place.zone, step.why, step))
        break
      case 'resume-launch':
        if (member) member.isLaunched = true
        break
      case 'bring-in':
        Object.assign(member ?? {}, {
          lifecycle: 'InService',
          inServiceAt: this.now,
          isRebalancing: false,
          warm: undefined,
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
          warm: member && isPooled(member.lifecycle) ? 'leaving' : undefined,
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
      case 'set-aside':
        assert.fail('nobody stands by here')
        break
      case 'remove-pool':
        this.pool = undefined
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
  settleWorld(milliseconds = 1000): void {
    this.now += milliseconds
    for (const member of this.members) {
      member.isUnknown = false
      if (member.phase === 'starting') member.phase = 'running'
      if (member.phase === 'ending') member.phase = 'gone'
      if (member.phase === 'stopping') member.phase = 'stopped'
      if (member.target === 'draining') member.target = undefined
    }
  }

  staff(): SimMember[] {
    return this.members.filter(({ lifecycle }) => isStaff(lifecycle))
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
      launchFailures: this.launchFailures,
      mixed: this.mixed,
      replacement: this.replacement?.(this.staff().map((member) => this.see(member))),
      maintenance: this.maintenance,
      pool: this.pool,
    }
  }

  newMember(
    zone: string,
    why: LaunchReason,
    { choice, replaces }: { choice?: LaunchChoice | undefined; replaces?: string } = {},
  ): SimMember {
    this.made++
    return {
      memberId: `m-${String(this.made).padStart(5, '0')}`,
      zone,
      instanceType: choice?.instanceType,
      market: choice?.market ?? 'on-demand',
      lifecycle: why === 'pool' ? 'Warmed:Pending' : 'Pending',
      warm: undefined,
      isHealthy: true,
      why: undefined,
      isLaunched: true,
      isProtected: false,
      isRebalancing: why === 'rebalance',
      replaces,
      createdAt: this.now,
      inServiceAt: undefined,
      terminatingAt: undefined,
      registeredIn: [],
      drainingFrom: [],
      hooks: undefined,
      phase: 'starting',
      isUnknown: false,
      target: undefined,
      version: this.version,
    }
  }

  weightOf({ instanceType }: Pick<SimMember, 'instanceType'>): number {
    return this.mixed?.types.find((type) => type.instanceType === instanceType)?.weight ?? 1
  }

  /** Capacity of the staff. */
  units(): number {
    return this.staff().reduce((sum, member) => sum + this.weightOf(member), 0)
  }

  /** By how much a bound may be passed. */
  slack(): number {
    return Math.max(1, ...(this.mixed?.types ?? []).map(({ weight }) => weight)) - 1
  }

  see(member: SimMember): MemberView {
    const target = member.target === undefined ? absent : seen(member.target)
    return {
      ...member,
      instanceId: `i-${member.memberId}`,
      subnetId: undefined,
      weight: this.weightOf(member),
      unhealthyReason: member.why,
      launchTemplateId: 'lt-1',
      templateVersion: member.version,
      instance: member.isUnknown ? unknown('no inventory') : seen(member.phase),
      targets: { [arn]: member.isUnknown ? unknown('no answer') : target },
    }
  }
}

/** Between a group and its warm pool. */
type Move = Extract<Step, { type: 'draw' | 'start' | 'return' | 'stop' | 'enter-pool' }>

function isMove(step: Step): step is Move {
  return ['draw', 'start', 'return', 'stop', 'enter-pool'].includes(step.type)
}

function move(member: SimMember, step: Move): void {
  assert.equal(member.isUnknown, false, 'never move what is not seen')
  switch (step.type) {
    case 'draw':
      member.lifecycle = 'Pending'
      member.isRebalancing = step.why === 'rebalance'
      member.hooks = undefined
      member.warm = 'drawn'
      return
    case 'start':
      member.phase = 'starting'
      member.warm = 'started'
      return
    case 'return':
      member.lifecycle = 'Warmed:Pending'
      member.inServiceAt = undefined
      member.hooks = undefined
      member.warm = 'returning'
      return
    case 'stop':
      if (member.lifecycle === 'Warmed:Pending') member.warm = 'stopping'
      member.phase = 'stopping'
      return
    case 'enter-pool':
      member.lifecycle = step.as
      member.warm = undefined
  }
}

/** One pass, held to the laws that hold at every moment. */
export function advance(simulation: GroupSimulation): readonly Step[] {
  const sizeBefore = simulation.units()
  const blind = new Set(simulation.members.filter((each) => each.isUnknown).map((m) => m.memberId))
  const steps = simulation.plan()
  for (const step of steps) {
    const destroys = step.type === 'take-out' || step.type === 'terminate' || step.type === 'finish'
    if (destroys) assert.ok(!blind.has(step.memberId), `${describeStep(step)} without seeing it`)
    simulation.apply(step)
  }
  const size = simulation.units()
  const { overMax = 0 } = simulation.view().replacement ?? {}
  const bound = Math.max(simulation.max + overMax + simulation.slack(), sizeBefore)
  assert.ok(size <= bound, `${size} of at most ${simulation.max}`)
  return steps
}

export function runToRest(simulation: GroupSimulation): number {
  for (let passes = 0; passes < 400; passes++) {
    const steps = advance(simulation)
    const isMoving = simulation.members.some(
      (member) =>
        member.isUnknown ||
        (member.phase !== 'running' && member.lifecycle !== 'Warmed:Stopped') ||
        member.target === 'draining' ||
        (member.hooks !== undefined && nextDeadline(member.hooks) !== undefined),
    )
    if (steps.length === 0 && !isMoving) return passes
    simulation.settleWorld()
  }
  return assert.fail(`no rest after 400 passes: ${simulation.plan().map(describeStep).join('; ')}`)
}
