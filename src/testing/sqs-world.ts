import { silentLog } from '../kernel/ports.ts'
import { createQueues, type Queues } from '../queue/create-queues.ts'
import type { MessageStore } from '../queue/message-store.ts'
import type { Store } from '../store/records.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { memoryMessages } from './memory-messages.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

export interface SqsWorld {
  readonly clock: ManualClock
  readonly store: Store
  readonly messages: MessageStore
  readonly queues: Queues
  /** Every reconciler once for each of its keys. */
  reconcile(): Promise<void>
}

/** The queue engine in memory. */
export function sqsWorld(messages = memoryMessages()): SqsWorld {
  const clock = manualClock()
  const store = memoryStore(clock)
  const context = {
    store,
    clock,
    random: seededRandom(1),
    log: silentLog,
    events: { publish: () => undefined },
    wake: { wake: () => undefined },
  }
  const queues = createQueues(context, messages)
  return {
    clock,
    store,
    messages,
    queues,
    async reconcile() {
      const { signal } = new AbortController()
      for (const reconciler of queues.reconcilers) {
        for (const key of await reconciler.keys()) await reconciler.reconcile(key, signal)
      }
    },
  }
}
