import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision } from '../store/records.ts'
import { nextMoment, parseSchedule } from './domain/schedule.ts'
import { eventOf, insertEvent } from './event-bus.ts'
import { ruleArn, rules } from './rule.ts'

/** A wait is cut here, so that a clock that was set is seen. */
const waitMillisecondsMax = 60_000

/**
 * Runs rules at their moments: the event and the next moment are written together, so that each moment comes once. Moments that passed while
 * nothing ran are made up for by one event.
 */
export function scheduleReconciler(context: EngineContext): Reconciler {
  const { store, clock } = context
  return {
    name: 'rules/schedules',
    periodMilliseconds: 60_000,
    concurrencyMax: 4,
    wakes: [{ kind: rules, keysOf: (change) => [keyOf(change.scope, change.id)] }],
    async keys() {
      const all = await store.listAll(rules)
      return all
        .filter(({ value }) => value.nextAt !== undefined)
        .map(({ scope, id }) => keyOf(scope, id))
    },
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const record = await store.find(rules, scope, id)
      const { nextAt, schedule = '', scheduledSince = 0 } = record?.value ?? {}
      if (!record || nextAt === undefined) return undefined
      const now = clock.now()
      if (nextAt > now)
        return { againAfterMilliseconds: Math.min(nextAt - now, waitMillisecondsMax) }
      const made = parseSchedule(schedule)
      const following = made && nextMoment(made, now, scheduledSince)
      const event = eventOf(context, scope, {
        source: 'aws.events',
        detailType: 'Scheduled Event',
        resources: [ruleArn(scope, id)],
        detail: {},
        at: nextAt,
      })
      const { nextAt: _past, ...rest } = record.value
      try {
        await store.transaction(async (records) => {
          const next = following === undefined ? {} : { nextAt: following }
          await records.update(record, { ...rest, ...next })
          await insertEvent(context, records, { scope, event, takers: [record.value] })
        })
      } catch (thrown) {
        if (!(thrown instanceof StaleRevision)) throw thrown
      }
      return undefined
    },
  }
}
