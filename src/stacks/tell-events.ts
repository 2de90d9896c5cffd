import { reasonOf } from '../kernel/errors.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Reconciler } from '../reconcile/reconciler.ts'
import { kindOf, type StoredRecord } from '../store/records.ts'
import type { Notifier } from './notifier.ts'
import { eventsOf } from './stack-reader.ts'
import { stacks, type StackEvent, type StackRecord } from './stack-records.ts'

/** How many of a stack's events its topics were told of. id: the stack's uuid. */
const toldEvents = kindOf<{ readonly count: number }>('cloudformation/told-events')

const periodMilliseconds = 60_000
const stacksAtOnceMax = 8
const subject = 'AWS CloudFormation Notification'

/** Tells each stack's topics of its events, in their order, at least once: how far it came is a record of its own. */
export function notificationsReconciler(context: EngineContext, notifier: Notifier): Reconciler {
  const { store, log } = context
  return {
    name: 'stacks/notifications',
    periodMilliseconds,
    concurrencyMax: stacksAtOnceMax,
    async keys() {
      const all = await store.listAll(stacks)
      return all.filter(isTold).map(({ scope, id }) => keyOf(scope, id))
    },
    wakes: [{ kind: stacks, keysOf: ({ scope, id }) => [keyOf(scope, id)] }],
    async reconcile(key) {
      const { scope, id } = openKey(key)
      const stack = await store.find(stacks, scope, id)
      if (!stack || !isTold(stack)) return undefined
      const told = await store.find(toldEvents, scope, id)
      const first = told?.value.count ?? 0
      if (first >= stack.value.eventCount) return undefined
      const events = await eventsOf(store, scope, id)
      for (const event of events.slice(first)) {
        for (const arn of stack.value.target.notificationArns ?? []) {
          const message = messageOf(stack.value, scope.account, event)
          try {
            await notifier.publish(scope, arn, { subject, message })
          } catch (thrown) {
            log.write('warn', 'a topic of a stack was not told', { arn, reason: reasonOf(thrown) })
          }
        }
      }
      const count = events.length
      if (told) await store.update(told, { count })
      else await store.insert(toldEvents, { scope, id, owner: id }, { count })
      return undefined
    },
  }
}

function isTold({ value }: Pick<StoredRecord<StackRecord>, 'value'>): boolean {
  return (value.target.notificationArns ?? []).length > 0
}

/** Lines of `Name='value'`, as AWS sends them. */
function messageOf(stack: StackRecord, account: string, event: StackEvent): string {
  const lines: readonly (readonly [string, string])[] = [
    ['StackId', stack.stackId],
    ['Timestamp', new Date(event.at).toISOString()],
    ['EventId', event.eventId],
    ['LogicalResourceId', event.logicalId],
    ['Namespace', account],
    ['PhysicalResourceId', event.physicalId],
    ['PrincipalId', account],
    ['ResourceProperties', 'null'],
    ['ResourceStatus', event.status],
    ['ResourceStatusReason', event.reason ?? ''],
    ['ResourceType', event.type],
    ['StackName', stack.name],
    ['ClientRequestToken', event.token ?? 'null'],
  ]
  return lines.map(([name, value]) => `${name}='${value}'\n`).join('')
}
