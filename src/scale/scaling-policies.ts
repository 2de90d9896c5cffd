import type { Scope } from '../kernel/scope.ts'
import { modify, type StoredRecord } from '../store/records.ts'
import { planAdjustment, scaleInPart, type Breach } from './domain/adjust-capacity.ts'
import { isStaff } from './domain/views.ts'
import { causes } from './domain/causes.ts'
import { groupAt, groups, members, type Group, type Member } from './group.ts'
import type { ManagedAlarm } from './managed-alarms.ts'
import { policyId, scalingPolicies, type ScalingPolicy } from './policy.ts'
import { retried } from './retried.ts'
import { removeRecord } from './remove-record.ts'
import type { ScaleDeps } from './scale.ts'
import { weightOfAll } from './weights.ts'

export type ExecuteAnswer =
  | { readonly ok: true; readonly isChanged: boolean }
  | {
      readonly ok: false
      readonly reason: 'unknown' | 'disabled' | 'suspended' | 'in-cooldown' | 'deleting'
      /** Of a cooldown: when it ends. */
      readonly until?: number
    }

export interface ExecuteRequest {
  /** What the alarm saw; simple policies do without. */
  readonly breach?: Breach | undefined
  /** The alarm that asked, by name; without one it is a user. */
  readonly alarmName?: string | undefined
  /** The state that it changed to; ALARM when absent. */
  readonly alarmState?: string | undefined
  /** Users may overrule the cooldown of a simple policy. */
  readonly overrulesCooldown?: boolean | undefined
}

/** What users and alarms ask of scaling policies. */
export interface PolicyRequests {
  /** Makes or changes a policy, and its managed alarms. `undefined` when there is no such group. */
  putPolicy(scope: Scope, policy: ScalingPolicy): Promise<ScalingPolicy | undefined>
  policies(scope: Scope, groupName?: string): Promise<readonly ScalingPolicy[]>
  findPolicy(scope: Scope, policyArn: string): Promise<ScalingPolicy | undefined>
  /** False when there is none. */
  removePolicy(scope: Scope, policy: ScalingPolicy): Promise<boolean>
  /**
   * Does what the policy says, once: the action of an alarm, or of a user. Alarms repeat it while they are in ALARM; cooldown and warm-up
   * keep that from going too far.
   */
  executePolicy(scope: Scope, policyArn: string, request: ExecuteRequest): Promise<ExecuteAnswer>
}

export function policyRequests(deps: ScaleDeps): PolicyRequests {
  const { store } = deps.context
  const policies = async (scope: Scope, groupName?: string) => {
    const filter = groupName === undefined ? {} : { owner: groupName }
    return (await store.list(scalingPolicies, scope, filter)).map((record) => record.value)
  }
  const findPolicy = async (scope: Scope, policyArn: string) =>
    (await policies(scope)).find((policy) => policy.arn === policyArn)
  return {
    policies,
    findPolicy,
    async putPolicy(scope, policy) {
      const { tracking } = policy
      const written = tracking ? { ...policy, tracking: { ...tracking, isPending: true } } : policy
      const isThere = await writePolicy(deps, scope, written)
      if (!isThere) return undefined
      return keepAlarms(deps, scope, policy)
    },
    async removePolicy(scope, policy) {
      const id = policyId(policy.groupName, policy.name)
      const record = await store.find(scalingPolicies, scope, id)
      if (!record) return false
      await forgetAlarms(deps, scope, record.value)
      return removeRecord(store, { kind: scalingPolicies, scope, id })
    },
    async executePolicy(scope, policyArn, request) {
      const policy = await findPolicy(scope, policyArn)
      if (!policy) return { ok: false, reason: 'unknown' }
      if (!policy.isEnabled) return { ok: false, reason: 'disabled' }
      return execute(deps, scope, policy, request)
    },
  }
}

/** Holds on to the group, so that a policy never outlives one that is removed at the same time. */
async function writePolicy(deps: ScaleDeps, scope: Scope, policy: ScalingPolicy): Promise<boolean> {
  const id = policyId(policy.groupName, policy.name)
  return retried(() =>
    deps.context.store.transaction(async (records) => {
      const group = await records.find(groups, scope, policy.groupName)
      if (!group) return false
      await records.update(group, group.value)
      const before = await records.find(scalingPolicies, scope, id)
      if (before) await records.update(before, policy)
      else await records.insert(scalingPolicies, { scope, id, owner: policy.groupName }, policy)
      return true
    }),
  )
}

/** Puts a tracking policy's two alarms where they belong, and removes those of a policy that tracks no longer. Idempotent. */
export async function keepAlarms(
  deps: ScaleDeps,
  scope: Scope,
  policy: ScalingPolicy,
): Promise<ScalingPolicy> {
  const { tracking, rule } = policy
  if (!tracking || rule.type !== 'TargetTrackingScaling' || !deps.managedAlarms) return policy
  const alarms = alarmsOf(policy)
  const arns = await deps.managedAlarms.put(scope, alarms)
  const kept = alarms.map(({ name }, index) => ({ name, arn: arns[index] ?? '' }))
  const dropped = tracking.alarms.filter((alarm) => !kept.some(({ name }) => name === alarm.name))
  await deps.managedAlarms.remove(
    scope,
    dropped.map(({ name }) => name),
  )
  const id = policyId(policy.groupName, policy.name)
  const at = { kind: scalingPolicies, scope, id }
  const record = await modify(deps.context.store, at, (value) => {
    if (!value.tracking) return undefined
    const { isPending: _done, ...settled } = value.tracking
    return { ...value, tracking: { ...settled, alarms: kept } }
  })
  return record?.value ?? { ...policy, tracking: { ...tracking, alarms: kept } }
}

export async function forgetAlarms(
  deps: ScaleDeps,
  scope: Scope,
  policy: ScalingPolicy,
): Promise<void> {
  const made = [...(policy.tracking?.alarms ?? []), ...alarmsOf(policy)]
  const names = [...new Set(made.map(({ name }) => name))]
  if (names.length > 0) await deps.managedAlarms?.remove(scope, names)
}

/** AWS's own: three minutes above the target, fifteen below nine tenths of it. Named after the policy's id, so that doing it twice makes no more. */
function alarmsOf(policy: ScalingPolicy): readonly ManagedAlarm[] {
  const { rule, tracking } = policy
  if (rule.type !== 'TargetTrackingScaling' || !tracking) return []
  const policyUuid = policy.arn.split(':')[6] ?? ''
  const description = `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.arn}.`
  const common = {
    description,
    metric: tracking.metric,
    periodSeconds: tracking.periodSeconds,
    actions: [policy.arn],
  }
  const high: ManagedAlarm = {
    ...common,
    name: `TargetTracking-${policy.groupName}-AlarmHigh-${policyUuid}`,
    evaluationPeriods: 3,
    threshold: rule.target,
    comparison: 'GreaterThanThreshold',
  }
  const low: ManagedAlarm = {
    ...common,
    name: `TargetTracking-${policy.groupName}-AlarmLow-${policyUuid}`,
    evaluationPeriods: 15,
    threshold: rule.target * scaleInPart,
    comparison: 'LessThanThreshold',
  }
  return rule.scalesIn ? [high, low] : [high]
}

async function execute(
  deps: ScaleDeps,
  scope: Scope,
  policy: ScalingPolicy,
  request: ExecuteRequest,
): Promise<ExecuteAnswer> {
  const { store, clock } = deps.context
  const now = clock.now()
  const staff = await store.list(members, scope, { owner: policy.groupName })
  let answer: ExecuteAnswer = { ok: false, reason: 'unknown' }
  await modify(store, groupAt(scope, policy.groupName), (group) => {
    const refusal = refusalOf(group, policy, request, now)
    if (refusal) {
      answer = refusal
      return undefined
    }
    const next = planAdjustment(
      policy.rule,
      {
        minSize: group.minSize,
        maxSize: group.maxSize,
        desired: group.desiredCapacity,
        warming: warmingOf(group, policy, staff, now),
      },
      request.breach,
    )
    answer = { ok: true, isChanged: next !== undefined }
    return next === undefined ? undefined : scaled(group, policy, { next, now, request })
  })
  return answer
}

function refusalOf(
  group: Group,
  policy: ScalingPolicy,
  request: ExecuteRequest,
  now: number,
): ExecuteAnswer | undefined {
  if (group.isDeleting) return { ok: false, reason: 'deleting' }
  if (request.alarmName !== undefined && group.suspendedProcesses.includes('AlarmNotification')) {
    return { ok: false, reason: 'suspended' }
  }
  const until = group.cooldownUntil ?? 0
  const isHeld = policy.rule.type === 'SimpleScaling' && !request.overrulesCooldown && now < until
  return isHeld ? { ok: false, reason: 'in-cooldown', until } : undefined
}

/** Members that are launched, or in service for less than the warm-up; AWS takes the default cooldown where no warm-up is given. */
function warmingOf(
  group: Group,
  { rule }: ScalingPolicy,
  staff: readonly StoredRecord<Member>[],
  now: number,
): number {
  if (rule.type === 'SimpleScaling') return 0
  const warmup =
    1000 * (rule.warmupSeconds ?? group.defaultWarmupSeconds ?? group.defaultCooldownSeconds)
  const present = staff.map(({ value }) => value).filter((value) => isStaff(value.lifecycle))
  const launching = present.filter(
    ({ lifecycle, inServiceAt }) => lifecycle === 'Pending' || now < (inServiceAt ?? now) + warmup,
  )
  const missing = Math.max(0, group.desiredCapacity - weightOfAll(group, present))
  return weightOfAll(group, launching) + missing
}

function scaled(
  group: Group,
  policy: ScalingPolicy,
  to: { readonly next: number; readonly now: number; readonly request: ExecuteRequest },
): Group {
  const { next, now, request } = to
  const sizes = { from: group.desiredCapacity, to: next }
  const { launchNotBefore: _pause, ...ready } = group
  const { rule } = policy
  const cooldown =
    rule.type === 'SimpleScaling'
      ? (rule.cooldownSeconds ?? group.defaultCooldownSeconds)
      : undefined
  return {
    ...ready,
    desiredCapacity: next,
    launchFailures: 0,
    capacityChangedAt: now,
    ...(cooldown === undefined ? {} : { cooldownUntil: now + cooldown * 1000 }),
    requestCause:
      request.alarmName === undefined
        ? causes.policyExecuted(now, policy.name, sizes)
        : causes.alarmTriggered(
            now,
            {
              alarm: request.alarmName,
              state: request.alarmState ?? 'ALARM',
              policy: policy.name,
            },
            sizes,
          ),
  }
}
