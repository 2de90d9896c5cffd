import { DriverError, reasonOf } from '../kernel/errors.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision } from '../store/records.ts'
import { addHistory } from './alarm-changes.ts'
import { pendingActions, type AlarmActions } from './alarm.ts'

/** After an hour of refusals an action says nothing about now any more. */
const staleMilliseconds = 3_600_000

/** Runs the actions of the outbox. A reconciler: an action that was run and not yet removed runs again. */
export function actionReconciler(context: EngineContext, actions: AlarmActions): Reconciler {
  const { store, clock } = context
  return {
    name: 'metrics/alarm-actions',
    periodMilliseconds: 60_000,
    concurrencyMax: 8,
    wakes: [{ kind: pendingActions, keysOf: (change) => [keyOf(change.scope, change.id)] }],
    async keys() {
      return (await store.listAll(pendingActions)).map(({ scope, id }) => keyOf(scope, id))
    },
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const record = await store.find(pendingActions, scope, id)
      if (!record) return undefined
      const { actionArn, alarmName, alarmType, transition } = record.value
      let failure: string | undefined
      try {
        await actions.run(scope, actionArn, transition)
      } catch (thrown) {
        const isFresh = clock.now() - transition.at < staleMilliseconds
        if (thrown instanceof DriverError && thrown.retryable && isFresh) throw thrown
        failure = reasonOf(thrown)
      }
      try {
        await store.transaction(async (records) => {
          await records.remove(record)
          await addHistory(context, records, scope, {
            alarmName,
            alarmType,
            at: clock.now(),
            itemType: 'Action',
            summary: `${failure === undefined ? 'Successfully executed' : 'Failed to execute'} action ${actionArn}`,
            data: JSON.stringify({
              actionState: failure === undefined ? 'Succeeded' : 'Failed',
              stateUpdateTimestamp: transition.at,
              notificationResource: actionArn,
              ...(failure === undefined ? {} : { error: failure }),
            }),
          })
        })
      } catch (thrown) {
        if (!(thrown instanceof StaleRevision)) throw thrown
      }
      return undefined
    },
  }
}
