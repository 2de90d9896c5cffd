import type { Scope } from '../kernel/scope.ts'
import { nextRun } from './domain/schedule.ts'
import { groups } from './group.ts'
import { removeRecord } from './remove-record.ts'
import { retried } from './retried.ts'
import type { ScaleDeps } from './scale.ts'
import { scheduledActionId, scheduledActions, type ScheduledAction } from './scheduled-action.ts'

/** What users ask of scheduled actions. */
export interface ScheduleRequests {
  /** Makes or changes an action. False when there is no such group. */
  putScheduledAction(scope: Scope, action: Omit<ScheduledAction, 'nextRunAt'>): Promise<boolean>
  scheduledActions(scope: Scope, groupName?: string): Promise<readonly ScheduledAction[]>
  /** False when there is none. */
  removeScheduledAction(scope: Scope, groupName: string, name: string): Promise<boolean>
}

export function scheduleRequests(deps: ScaleDeps): ScheduleRequests {
  const { store } = deps.context
  return {
    putScheduledAction: (scope, action) => writeAction(deps, scope, action),
    async scheduledActions(scope, groupName) {
      const filter = groupName === undefined ? {} : { owner: groupName }
      return (await store.list(scheduledActions, scope, filter)).map((record) => record.value)
    },
    removeScheduledAction: (scope, groupName, name) =>
      removeRecord(store, {
        kind: scheduledActions,
        scope,
        id: scheduledActionId(groupName, name),
      }),
  }
}

/** Holds on to the group, so that an action never outlives one that is removed at the same time. */
async function writeAction(
  deps: ScaleDeps,
  scope: Scope,
  action: Omit<ScheduledAction, 'nextRunAt'>,
): Promise<boolean> {
  const { store, clock } = deps.context
  const id = scheduledActionId(action.groupName, action.name)
  const value = { ...action, nextRunAt: nextRun(action, clock.now()) }
  return retried(() =>
    store.transaction(async (records) => {
      const group = await records.find(groups, scope, action.groupName)
      if (!group) return false
      await records.update(group, group.value)
      const before = await records.find(scheduledActions, scope, id)
      if (before) await records.update(before, value)
      else await records.insert(scheduledActions, { scope, id, owner: action.groupName }, value)
      return true
    }),
  )
}
