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
  /** Launched as the group launches now. */
  readonly isCurrent: boolean
  /** Launched since the update began. */
  readonly isNew: boolean
  readonly isInService: boolean
  readonly inServiceAt: number | undefined
}

/** The group as one look at it showed. Members that leave are not in it. */
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
    members.length === desiredCapacity && members.every((member) => member.isInService)
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
  const batch = Math.min(policy.batchMax, old.length)
  const roomy = Math.min(maxSize, policy.inServiceMin + batch)
  if (desiredCapacity < roomy) return { type: 'resize', capacity: roomy }
  const spare = members.length - policy.inServiceMin
  const count = Math.min(batch, spare)
  if (count <= 0) {
    return {
      type: 'fail',
      reason: `MinInstancesInService ${policy.inServiceMin} must be less than the group's MaxSize ${maxSize}`,
    }
  }
  const newCount = members.length - old.length
  const shrinkCount = Math.max(0, count - Math.max(0, usualCapacity - newCount))
  const instanceIds = old.slice(0, count).flatMap(({ instanceId }) => instanceId ?? [])
  return { type: 'terminate', instanceIds, shrinkCount }
}
