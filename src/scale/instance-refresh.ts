import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import { kindOf, type Records, type StoredRecord } from '../store/records.ts'
import {
  activeStatuses,
  judgeRefresh,
  rolledBack,
  stoppedByAlarm,
  type RefreshPreferences,
  type RefreshState,
  type TemplateVersion,
} from './domain/refresh.ts'
import { groups, members, type Group, type GroupTemplate, type MixedInstances } from './group.ts'
import { holdGroup } from './launch-members.ts'
import type { GroupSight } from './observe-group.ts'
import { retried } from './retried.ts'
import type { ScaleDeps } from './scale.ts'
import { withFormerWeights } from './weights.ts'

/** A replacement of all instances of a group, one after another. */
export interface InstanceRefresh {
  readonly refreshId: string
  readonly groupName: string
  readonly state: RefreshState
  /** Becomes the group's own when the refresh succeeds. */
  readonly desiredTemplate?: GroupTemplate | undefined
  readonly desiredMixed?: MixedInstances | undefined
  /** As it was asked for, for DescribeInstanceRefreshes. */
  readonly given: Readonly<Record<string, unknown>>
}

/** By id. Owner: the group's name. */
export const instanceRefreshes = kindOf<InstanceRefresh>('scale/instance-refresh')

export interface RefreshStart {
  readonly preferences: RefreshPreferences
  readonly desiredTemplate?: GroupTemplate | undefined
  /** With its template. */
  readonly desiredMixed?: MixedInstances | undefined
  readonly target: TemplateVersion
  /** What it could go back to: the group's template, when its version is a number. */
  readonly original?: TemplateVersion | undefined
  readonly given: Readonly<Record<string, unknown>>
}

/** What users ask of instance refreshes. */
export interface RefreshRequests {
  startRefresh(
    scope: Scope,
    groupName: string,
    start: RefreshStart,
  ): Promise<InstanceRefresh | 'in-progress' | 'unknown' | 'deleting'>
  /** Newest first. */
  refreshes(scope: Scope, groupName: string): Promise<readonly InstanceRefresh[]>
  /** The refresh that it ended, if one was at it. */
  cancelRefresh(scope: Scope, groupName: string): Promise<InstanceRefresh | undefined>
  rollBackRefresh(
    scope: Scope,
    groupName: string,
  ): Promise<InstanceRefresh | 'none' | 'no-way-back'>
}

export function refreshRequests(deps: ScaleDeps): RefreshRequests {
  const { store, clock } = deps.context
  const changeActive = <T>(
    scope: Scope,
    groupName: string,
    change: (records: Records, record: StoredRecord<InstanceRefresh>) => Promise<T>,
  ) =>
    retried(() =>
      store.transaction(async (records) => {
        const group = await records.find(groups, scope, groupName)
        const id = group?.value.activeRefreshId
        const record = id && (await records.find(instanceRefreshes, scope, id))
        return record ? change(records, record) : undefined
      }),
    )
  return {
    startRefresh: (scope, groupName, start) => startRefresh(deps, scope, groupName, start),
    async refreshes(scope, groupName) {
      const all = await store.list(instanceRefreshes, scope, { owner: groupName })
      return all.map((record) => record.value).sort((a, b) => b.state.startedAt - a.state.startedAt)
    },
    cancelRefresh: (scope, groupName) =>
      changeActive(scope, groupName, async (records, record) => {
        const state: RefreshState = { ...record.value.state, status: 'Cancelling' }
        return (await records.update(record, { ...record.value, state })).value
      }),
    async rollBackRefresh(scope, groupName) {
      const answer = await changeActive(scope, groupName, async (records, record) => {
        const { state } = record.value
        if (!state.original) return 'no-way-back'
        if (!['InProgress', 'Baking', 'Pending'].includes(state.status)) return 'none'
        const reason = 'A user asked for the rollback.'
        const group = await records.find(groups, scope, groupName)
        if (group) await records.update(group, withoutOverride(group.value))
        const next = { ...record.value, state: rolledBack(state, clock.now(), reason) }
        return (await records.update(record, next)).value
      })
      return answer ?? 'none'
    },
  }
}

async function startRefresh(
  deps: ScaleDeps,
  scope: Scope,
  groupName: string,
  start: RefreshStart,
): Promise<InstanceRefresh | 'in-progress' | 'unknown' | 'deleting'> {
  const { store, clock, random } = deps.context
  const refreshId = uuid(random)
  return retried(() =>
    store.transaction(async (records) => {
      const group = await records.find(groups, scope, groupName)
      if (!group) return 'unknown'
      if (group.value.isDeleting) return 'deleting'
      if (group.value.activeRefreshId !== undefined) return 'in-progress'
      const staff = await records.list(members, scope, { owner: groupName })
      // Later than every instance that there is, so that all of them are old.
      const startedAt = Math.max(clock.now(), ...staff.map(({ value }) => value.createdAt + 1))
      const { desiredTemplate, desiredMixed: mixed, preferences, target, original, given } = start
      const desiredMixed = mixed && withFormerWeights(group.value.mixedInstances, mixed)
      const refresh: InstanceRefresh = {
        refreshId,
        groupName,
        given,
        ...(desiredTemplate ? { desiredTemplate } : {}),
        ...(desiredMixed ? { desiredMixed } : {}),
        state: {
          status: 'Pending',
          preferences,
          startedAt,
          target,
          ...(original ? { original } : {}),
          percent: 0,
          checkpointsPassed: 0,
          progressAt: startedAt,
        },
      }
      await records.insert(instanceRefreshes, { scope, id: refreshId, owner: groupName }, refresh)
      const { launchNotBefore: _pause, ...ready } = group.value
      await records.update(group, {
        ...ready,
        launchFailures: 0,
        activeRefreshId: refreshId,
        ...(desiredTemplate ? { refreshTemplate: desiredTemplate } : {}),
        ...(desiredMixed ? { refreshMixed: desiredMixed } : {}),
      })
      return refresh
    }),
  )
}

/** The refresh that a group is at, if any. */
export async function activeRefresh(
  deps: ScaleDeps,
  scope: Scope,
  group: Group,
): Promise<StoredRecord<InstanceRefresh> | undefined> {
  const id = group.activeRefreshId
  return id === undefined ? undefined : deps.context.store.find(instanceRefreshes, scope, id)
}

/** Takes the refresh one step further, in one write with what it means for the group. False when there is nothing to do. */
export async function advanceRefresh(
  deps: ScaleDeps,
  record: StoredRecord<Group>,
  refresh: StoredRecord<InstanceRefresh>,
  sight: GroupSight,
): Promise<boolean> {
  const now = deps.context.clock.now()
  const alarm = await alarmThatRings(deps, record.scope, refresh.value.state)
  const stopped = alarm === undefined ? undefined : stoppedByAlarm(refresh.value.state, now, alarm)
  const state = stopped ?? judgeRefresh(refresh.value.state, sight.group, sight.members, now)
  if (!state) return false
  const isOver = !activeStatuses.includes(state.status)
  await deps.context.store.transaction(async (records) => {
    await holdGroup(records, record)
    await records.update(refresh, { ...refresh.value, state })
    const turnsBack = state.status === 'RollbackInProgress' && !refresh.value.state.rollback
    if (!isOver && !turnsBack) return
    const group = withoutOverride(record.value)
    const { activeRefreshId: _id, ...rest } = group
    const { desiredTemplate, desiredMixed } = refresh.value
    const isWon = state.status === 'Successful'
    const won = {
      ...(isWon && desiredTemplate && { launchTemplate: desiredTemplate }),
      ...(isWon && desiredMixed && { mixedInstances: desiredMixed }),
    }
    await records.update(record, isOver ? { ...rest, ...won } : group)
  })
  deps.context.log.write('info', 'instance refresh', {
    group: record.id,
    status: state.status,
    percent: state.percent,
  })
  return true
}

/** Why the alarms of a refresh stop it; undefined when none does. One that is gone says nothing any more, and cannot be trusted. */
async function alarmThatRings(
  deps: ScaleDeps,
  scope: Scope,
  { preferences: { alarms = [] } }: RefreshState,
): Promise<string | undefined> {
  for (const name of alarms) {
    const state = await deps.alarmStates?.state(scope, name)
    if (state === 'ALARM') return `The CloudWatch alarm ${name} is in ALARM.`
    if (state === undefined) return `The CloudWatch alarm ${name} does not exist any more.`
  }
  return undefined
}

/** Launches are from the group's own template again, at once. */
function withoutOverride(group: Group): Group {
  const { refreshTemplate: _template, refreshMixed, launchNotBefore: _pause, ...rest } = group
  const { mixedInstances } = group
  // Instances of types that only the refresh named keep their weight.
  const kept = refreshMixed && mixedInstances && withFormerWeights(refreshMixed, mixedInstances)
  return { ...rest, ...(kept && { mixedInstances: kept }), launchFailures: 0 }
}
