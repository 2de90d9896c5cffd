import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Outcome, Reconciler } from '../reconcile/reconciler.ts'
import { forgetFreeNames } from './deleted-names.ts'
import type { MessageStore } from './message-store.ts'
import type { QueueCatalogue } from './queue-catalogue.ts'
import { queueRecords, type Queue } from './queue.ts'

const periodMilliseconds = 60_000
/** Of one statement, so that receivers wait for none of them long. */
const stepMessages = 5_000
const stepsMax = 20

/**
 * Removes what nobody may receive any more: messages past their retention, what a large purge left, and the messages of
 * queues that are gone. A queue's key is in no record any more when it is gone for good, so a message that is seen first
 * and has no record afterwards is an orphan.
 */
export function sweepReconciler(
  context: EngineContext,
  messages: MessageStore,
  catalogue: QueueCatalogue,
): Reconciler {
  async function sweep(key: number, queue: Queue | undefined): Promise<boolean> {
    const now = context.clock.now()
    if (!queue) return (await messages.purge(key, Number.MAX_SAFE_INTEGER, stepMessages)) > 0
    let gone = 0
    if (queue.purgeThrough !== undefined) {
      gone = await messages.purge(key, queue.purgeThrough, stepMessages)
      if (gone === 0) {
        await catalogue.change(queue, ({ purgeThrough: _done, ...record }) => record)
      }
    }
    const keptBefore = now - queue.settings.retentionSeconds * 1000
    return gone + (await messages.expire(key, keptBefore, now, stepMessages)) >= stepMessages
  }

  return {
    name: 'queue/sweep',
    periodMilliseconds,
    concurrencyMax: 1,
    keys: async () => ['all'],
    wakes: [{ kind: queueRecords, keysOf: () => ['all'] }],
    async reconcile(_key, signal): Promise<Outcome | undefined> {
      await forgetFreeNames(context)
      const withMessages = await messages.queues()
      const queues = new Map((await catalogue.all()).map((queue) => [queue.key, queue]))
      let hasMore = false
      for (const key of withMessages) {
        for (let step = 0; step < stepsMax && !signal.aborted; step++) {
          const isMore = await sweep(key, queues.get(key))
          if (!isMore) break
          hasMore ||= step === stepsMax - 1
        }
      }
      return hasMore ? { againAfterMilliseconds: 100 } : undefined
    },
  }
}
