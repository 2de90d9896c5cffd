import { isFilled, unitsOf } from './capacity.ts'
import { isReady } from './replace-members.ts'
import {
  isStaff,
  type GroupView,
  type MemberView,
  type ReplacementView,
  type TakeOutReason,
} from './views.ts'

export type RefreshStatus =
  | 'Pending'
  | 'InProgress'
  | 'Baking'
  | 'Successful'
  | 'Failed'
  | 'Cancelling'
  | 'Cancelled'
  | 'RollbackInProgress'
  | 'RollbackSuccessful'
  | 'RollbackFailed'

/** What to do with instances that are protected from scaling in, or stand by. */
export type Exceptional = 'Replace' | 'Ignore' | 'Wait'

export interface RefreshPreferences {
  readonly minHealthyPercent: number
  readonly maxHealthyPercent: number
  readonly warmupSeconds: number
  readonly bakeSeconds: number
  /** Percentages of new instances at which to wait; the last one ends the refresh. */
  readonly checkpoints: readonly number[]
  readonly checkpointDelaySeconds: number
  readonly skipsMatching: boolean
  readonly rollsBack: boolean
  readonly protectedInstances: Exceptional
  /** What stands by is let be when absent. */
  readonly standbyInstances?: Exceptional
  /** By name: one that rings fails the refresh. */
  readonly alarms?: readonly string[]
}

/** A launch template's version, resolved. */
export interface TemplateVersion {
  readonly launchTemplateId: string
  readonly version: number
  /** The types that a policy lists: instances of others do not match. */
  readonly instanceTypes?: readonly string[]
}

/** How far an instance refresh has come. Times in milliseconds since the epoch. */
export interface RefreshState {
  readonly status: RefreshStatus
  readonly statusReason?: string | undefined
  readonly preferences: RefreshPreferences
  /** Members created before are old. */
  readonly startedAt: number
  readonly endedAt?: number | undefined
  /** What instances should be launched from; and what they are brought back to. */
  readonly target: TemplateVersion
  readonly original?: TemplateVersion | undefined
  /** Instances to replace, counted when it began. */
  readonly total?: number | undefined
  readonly percent: number
  readonly checkpointsPassed: number
  readonly checkpointAt?: number | undefined
  readonly bakingSince?: number | undefined
  readonly progressAt: number
  /** How far it was when it was turned back. */
  readonly rollback?: { readonly at: number; readonly percent: number; readonly reason: string }
}

export const activeStatuses: readonly RefreshStatus[] = [
  'Pending',
  'InProgress',
  'Baking',
  'Cancelling',
  'RollbackInProgress',
]

/** AWS gives up when nothing has moved for an hour. */
const stallMillisecondsMax = 3_600_000
/** After this many launches in a row that failed the next one will hardly do better. */
const launchFailuresMax = 3

/** What the refresh asks the plan of the group to replace now; undefined when it is not at it. */
export function replacementFor(
  refresh: RefreshState,
  members: readonly MemberView[],
): ReplacementView | undefined {
  const { preferences } = refresh
  if (refresh.status !== 'InProgress' && refresh.status !== 'RollbackInProgress') return undefined
  const staff = members.filter((member) => isStaff(member.lifecycle))
  const endsStandby = preferences.standbyInstances === 'Replace'
  const skipsProtected = preferences.protectedInstances !== 'Replace'
  const old = staff.filter(
    (member) => isOld(refresh, member) && !(member.isProtected && skipsProtected),
  )
  const isBack = refresh.status === 'RollbackInProgress'
  return {
    old: new Map(old.map((member): [string, TakeOutReason] => [member.memberId, 'refresh'])),
    minPercent: preferences.minHealthyPercent,
    maxPercent: preferences.maxHealthyPercent,
    warmupMilliseconds: preferences.warmupSeconds * 1000,
    newPercentMax: isBack ? 100 : checkpointOf(refresh),
    ...(endsStandby && {
      standby: new Set(oldOnStandby(refresh, members).map((member) => member.memberId)),
    }),
  }
}

/** Those on standby that the refresh waits for, or ends. */
function oldOnStandby(
  refresh: RefreshState,
  members: readonly MemberView[],
): readonly MemberView[] {
  if ((refresh.preferences.standbyInstances ?? 'Ignore') === 'Ignore') return []
  const standing = ['Standby', 'EnteringStandby']
  return members.filter((member) => standing.includes(member.lifecycle) && isOld(refresh, member))
}

/** Whether a member of the warm pool is to be replaced by the refresh: at once, since it serves nobody. */
export function isOutdated(refresh: RefreshState, member: MemberView): boolean {
  const isAtIt = refresh.status === 'InProgress' || refresh.status === 'RollbackInProgress'
  return isAtIt && isOld(refresh, member)
}

function isOld(refresh: RefreshState, member: MemberView): boolean {
  if (refresh.status === 'RollbackInProgress') {
    const isNew = member.createdAt >= refresh.startedAt
    return isNew && member.isLaunched && !matches(member, refresh.original)
  }
  if (member.createdAt >= refresh.startedAt) return false
  return !(refresh.preferences.skipsMatching && matches(member, refresh.target))
}

function matches(member: MemberView, template: TemplateVersion | undefined): boolean {
  return (
    member.launchTemplateId === template?.launchTemplateId &&
    member.templateVersion === template?.version &&
    (template.instanceTypes?.includes(member.instanceType ?? '') ?? true)
  )
}

/** The percentage to which instances may be replaced now. */
function checkpointOf({ preferences, checkpointsPassed }: RefreshState): number {
  const { checkpoints } = preferences
  if (checkpoints.length === 0) return 100
  return checkpoints[checkpointsPassed] ?? checkpoints.at(-1) ?? 100
}

/**
 * The refresh one step further, from what was seen of its group; undefined when nothing changes. Every step is written before the next
 * plan, so that a crash repeats none.
 */
export function judgeRefresh(
  refresh: RefreshState,
  group: GroupView,
  members: readonly MemberView[],
  now: number,
): RefreshState | undefined {
  switch (refresh.status) {
    case 'Pending': {
      const begun: RefreshState = { ...refresh, status: 'InProgress', progressAt: now }
      const staff = members.filter((member) => isStaff(member.lifecycle))
      const old = staff.filter((member) => isOld(begun, member))
      return { ...begun, total: old.length + oldOnStandby(begun, members).length }
    }
    case 'Cancelling':
      return over(refresh, 'Cancelled', now, 'Instance refresh was cancelled.')
    case 'Baking': {
      const ends = (refresh.bakingSince ?? now) + refresh.preferences.bakeSeconds * 1000
      return now >= ends ? over(refresh, 'Successful', now) : undefined
    }
    case 'InProgress':
    case 'RollbackInProgress':
      return judgeProgress(refresh, group, members, now)
    case 'Successful':
    case 'Failed':
    case 'Cancelled':
    case 'RollbackSuccessful':
    case 'RollbackFailed':
      return undefined
  }
}

function judgeProgress(
  refresh: RefreshState,
  group: GroupView,
  members: readonly MemberView[],
  now: number,
): RefreshState | undefined {
  const replacement = replacementFor(refresh, members)
  if (!replacement) return undefined
  const staff = members.filter((member) => isStaff(member.lifecycle))
  const unready = staff.filter(
    (member) => !replacement.old.has(member.memberId) && !isReady(group, replacement, member, now),
  ).length
  const left = staff.filter((member) => isOld(refresh, member)).length
  const ignored = refresh.preferences.protectedInstances === 'Ignore'
  const old = (ignored ? replacement.old.size : left) + oldOnStandby(refresh, members).length
  // Who has left and has nobody in its place yet was not replaced.
  const vacant = Math.max(0, group.desiredCapacity - unitsOf(staff))
  const percent = percentOf(refresh, old + unready + vacant)
  const moved = percent === refresh.percent ? refresh : { ...refresh, percent, progressAt: now }
  const isWhole = unready === 0 && isFilled(group.desiredCapacity, staff)
  const isPoolNew = (group.pool?.outdated.size ?? 0) === 0
  if (old === 0 && isWhole && isPoolNew) return finished(moved, now)
  const fault = faultOf(refresh, group, now)
  if (fault !== undefined) return turned(moved, now, fault)
  if (refresh.status === 'InProgress') return atCheckpoint(moved, refresh, isWhole, now)
  return moved === refresh ? undefined : moved
}

/** Of the instances that there were to replace; never less than it was. */
function percentOf({ total = 0, percent, status }: RefreshState, unfinished: number): number {
  if (status === 'RollbackInProgress') return percent
  if (total === 0) return 100
  return Math.max(percent, Math.floor((100 * Math.max(0, total - unfinished)) / total))
}

function atCheckpoint(
  moved: RefreshState,
  before: RefreshState,
  isWhole: boolean,
  now: number,
): RefreshState | undefined {
  const { checkpoints, checkpointDelaySeconds } = moved.preferences
  const checkpoint = checkpoints[moved.checkpointsPassed]
  const changed = moved === before ? undefined : moved
  if (checkpoint === undefined || checkpoint >= 100) return changed
  if (moved.percent < checkpoint || !isWhole) return changed
  if (moved.checkpointAt === undefined) {
    const statusReason = `Waiting for ${checkpointDelaySeconds} seconds at the checkpoint of ${checkpoint} percent.`
    return { ...moved, checkpointAt: now, progressAt: now, statusReason }
  }
  if (now < moved.checkpointAt + checkpointDelaySeconds * 1000) return changed
  const { checkpointAt: _at, statusReason: _reason, ...rest } = moved
  const passed = { ...rest, checkpointsPassed: moved.checkpointsPassed + 1, progressAt: now }
  const isLast = passed.checkpointsPassed >= checkpoints.length
  return isLast ? finished(passed, now) : passed
}

function finished(refresh: RefreshState, now: number): RefreshState {
  if (refresh.status === 'RollbackInProgress') {
    return over(refresh, 'RollbackSuccessful', now, refresh.rollback?.reason)
  }
  if (refresh.preferences.bakeSeconds === 0) return over(refresh, 'Successful', now)
  return { ...refresh, status: 'Baking', bakingSince: now, progressAt: now }
}

function faultOf(refresh: RefreshState, group: GroupView, now: number): string | undefined {
  if (group.launchFailures >= launchFailuresMax) {
    return `${group.launchFailures} launches in a row failed: see the scaling activities.`
  }
  const delay = refresh.checkpointAt === undefined ? 0 : refresh.preferences.checkpointDelaySeconds
  const stalls = now - refresh.progressAt > stallMillisecondsMax + delay * 1000
  return stalls ? 'No instance could be replaced for an hour.' : undefined
}

/** After a failure: back to what was, when that is asked for and known. */
function turned(refresh: RefreshState, now: number, reason: string): RefreshState {
  if (refresh.status === 'RollbackInProgress') return over(refresh, 'RollbackFailed', now, reason)
  return refresh.preferences.rollsBack && refresh.original
    ? rolledBack(refresh, now, reason)
    : over(refresh, 'Failed', now, reason)
}

/** The refresh after one of its alarms rang; undefined when it is at nothing that could still fail. */
export function stoppedByAlarm(
  refresh: RefreshState,
  now: number,
  reason: string,
): RefreshState | undefined {
  const mayFail = refresh.status === 'InProgress' || refresh.status === 'Baking'
  return mayFail ? turned(refresh, now, reason) : undefined
}

/** The way back begins. */
export function rolledBack(refresh: RefreshState, now: number, reason: string): RefreshState {
  const { checkpointAt: _at, bakingSince: _since, ...rest } = refresh
  return {
    ...rest,
    status: 'RollbackInProgress',
    statusReason: reason,
    progressAt: now,
    rollback: { at: now, percent: refresh.percent, reason },
  }
}

function over(
  refresh: RefreshState,
  status: RefreshStatus,
  now: number,
  statusReason?: string,
): RefreshState {
  const { statusReason: _before, ...rest } = refresh
  const percent = status === 'Successful' ? 100 : refresh.percent
  return {
    ...rest,
    status,
    endedAt: now,
    percent,
    ...(statusReason === undefined ? {} : { statusReason }),
  }
}
