import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision, type Records, type StoredRecord } from '../store/records.ts'
import { causes } from './domain/causes.ts'
import { nextRun, rescheduled } from './domain/schedule.ts'
import { groups } from './group.ts'
import type { ScaleDeps } from './scale.ts'
import { scheduledActions, type ScheduledAction } from './scheduled-action.ts'

/**
 * Runs scheduled actions when they are due. A reconciler: the group's new sizes and the action's next moment are one write, so that a
 * crash runs it once. A moment that passed while nothing ran is made up for once.
 */
export function scheduleReconciler(deps: ScaleDeps): Reconciler {
  const { store, clock, log } = deps.context
  return {
    name: 'scale/scheduled-actions',
    periodMilliseconds: 10_000,
    concurrencyMax: 4,
    wakes: [{ kind: scheduledActions, keysOf: ({ scope, id }) => [keyOf(scope, id)] }],
    async keys() {
      return (await store.listAll(scheduledActions)).map(({ scope, id }) => keyOf(scope, id))
    },
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const record = await store.find(scheduledActions, scope, id)
      if (!record) return undefined
      const { nextRunAt } = record.value
      const now = clock.now()
      if (nextRunAt !== undefined && nextRunAt > now) {
        return { againAfterMilliseconds: Math.min(nextRunAt - now, timerMillisecondsMax) }
      }
      try {
        await store.transaction((records) => run(records, record, now))
        log.write('info', 'scheduled action ran', { key })
      } catch (thrown) {
        if (!(thrown instanceof StaleRevision)) throw thrown
      }
      return { againAfterMilliseconds: 0 }
    },
  }
}

/** Longer than a timer of the platform may be; after it the time is looked at again. */
const timerMillisecondsMax = 24 * 3_600_000

async function run(
  records: Records,
  record: StoredRecord<ScheduledAction>,
  now: number,
): Promise<void> {
  const action = record.value
  const group = await records.find(groups, record.scope, action.groupName)
  const isHeld = group?.value.suspendedProcesses.includes('ScheduledActions') ?? true
  if (group && action.nextRunAt !== undefined && !isHeld && !group.value.isDeleting) {
    const { minSize: min, maxSize: max, desiredCapacity: desired } = group.value
    const to = rescheduled({ min, max, desired }, action)
    if (to) {
      const { launchNotBefore: _pause, ...ready } = group.value
      await records.update(group, {
        ...ready,
        minSize: to.min,
        maxSize: to.max,
        desiredCapacity: to.desired,
        launchFailures: 0,
        ...(to.desired === desired
          ? {}
          : { capacityChangedAt: now, requestCause: causes.scheduled(now, to, desired) }),
      })
    }
  }
  const next = nextRun(action, now)
  if (next === undefined) await records.remove(record)
  else await records.update(record, { ...action, nextRunAt: next })
}
