import { isFilled, unitsOf } from '../../scale/domain/capacity.ts'

/** AWS's AutoScalingRollingUpdate, with its defaults filled in. */
export interface RollingPolicy {
  readonly batchMax: number
  readonly inServiceMin: number
  readonly percentMin: number
  readonly pauseMilliseconds: number
  readonly waitsForSignals: boolean
}

export interface RollingMember {
  readonly instanceId: string | undefined
  /** Units of capacity that it counts for. */
  readonly weight: number
  /** Launched as the group launches now. */
  readonly isCurrent: boolean
  /** Launched since the update began. */
  readonly isNew: boolean
  readonly isInService: boolean
  readonly inServiceAt: number | undefined
}

/** The group as one look at it showed; its capacities, and `inServiceMin` of its policy, are in units. Members that leave are not in it. */
export interface RollingView {
  readonly policy: RollingPolicy
  readonly now: number
  /** The capacity that the group has when nothing rolls. */
  readonly usualCapacity: number
  readonly desiredCapacity: number
  readonly maxSize: number
  /** How many were outdated when the update began. */
  readonly totalCount: number
  readonly members: readonly RollingMember[]
  readonly signals: ReadonlyMap<string, 'SUCCESS' | 'FAILURE'>
}

export type RollingStep =
  | { readonly type: 'wait' }
  | { readonly type: 'done' }
  | { readonly type: 'fail'; readonly reason: string }
  | { readonly type: 'resize'; readonly capacity: number }
  /** `shrinkCount` of them are not replaced: the group was made larger for the update. */
  | {
      readonly type: 'terminate'
      readonly instanceIds: readonly string[]
      readonly shrinkCount: number
    }

/** The next step of a rolling update. Looks at nothing but what is there, so that it can be asked again after a crash. */
export function planRollingUpdate(view: RollingView): RollingStep {
  const { policy, members, totalCount, desiredCapacity, usualCapacity } = view
  const old = members.filter((member) => !member.isCurrent)
  const states = members
    .filter((member) => member.isCurrent && member.isNew)
    .map((member) => stateOf(member, view))
  const failedCount = states.filter((state) => state === 'failed').length
  const allowed = totalCount - Math.ceil((totalCount * policy.percentMin) / 100)
  if (failedCount > allowed) {
    return {
      type: 'fail',
      reason: `Received ${failedCount} FAILURE signal(s) out of ${totalCount}. Unable to satisfy ${policy.percentMin}% MinSuccessfulInstancesPercent requirement`,
    }
  }
  const isGathered =
    isFilled(desiredCapacity, members) && members.every((member) => member.isInService)
  if (!isGathered || states.includes('waiting')) return { type: 'wait' }
  if (old.length === 0) {
    return desiredCapacity === usualCapacity
      ? { type: 'done' }
      : { type: 'resize', capacity: usualCapacity }
  }
  return nextBatch(view, old)
}

/** A new instance counts when it has signalled, or has been in service for the pause. One that stays silent has failed. */
function stateOf(member: RollingMember, view: RollingView): 'waiting' | 'good' | 'failed' {
  const { pauseMilliseconds, waitsForSignals } = view.policy
  const signal = view.signals.get(member.instanceId ?? '')
  if (waitsForSignals && signal === 'SUCCESS') return 'good'
  if (waitsForSignals && signal === 'FAILURE') return 'failed'
  const isOver =
    member.inServiceAt !== undefined && view.now >= member.inServiceAt + pauseMilliseconds
  if (!isOver) return 'waiting'
  return waitsForSignals ? 'failed' : 'good'
}

function nextBatch(view: RollingView, old: readonly RollingMember[]): RollingStep {
  const { policy, members, desiredCapacity, usualCapacity, maxSize } = view
  const batch = old.slice(0, Math.max(1, policy.batchMax))
  const roomy = Math.min(maxSize, policy.inServiceMin + unitsOf(batch))
  if (desiredCapacity < roomy) return { type: 'resize', capacity: roomy }
  const going = lighterThan(batch, unitsOf(members) - policy.inServiceMin)
  if (going.length === 0) {
    return {
      type: 'fail',
      reason: `MinInstancesInService ${policy.inServiceMin} must be less than the group's MaxSize ${maxSize}`,
    }
  }
  const newUnits = unitsOf(members) - unitsOf(old)
  const surplus = unitsOf(going) - Math.max(0, usualCapacity - newUnits)
  const shrinkCount = lighterThan(going, surplus).length
  const instanceIds = going.flatMap(({ instanceId }) => instanceId ?? [])
  return { type: 'terminate', instanceIds, shrinkCount }
}

/** As many of the first as have no more than so many units. */
function lighterThan(members: readonly RollingMember[], units: number): readonly RollingMember[] {
  const end = members.findIndex((_, index) => unitsOf(members.slice(0, index + 1)) > units)
  return end < 0 ? members : members.slice(0, end)
}
