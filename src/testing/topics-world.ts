import { silentLog } from '../kernel/ports.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Delivered, QueueMessage, WebMessage } from '../topics/delivery-ports.ts'
import { createTopics, type Topics } from '../topics/create-topics.ts'
import { manualClock, type ManualClock } from './manual-clock.ts'
import { memoryStore } from './memory-store.ts'
import { seededRandom } from './seeded-random.ts'

export interface TopicsWorld {
  readonly context: EngineContext & { readonly clock: ManualClock }
  readonly topics: Topics
  /** What arrived, by the queue's ARN or the address. */
  readonly arrived: (readonly [string, string])[]
  readonly sent: QueueMessage[]
  /** Places and what they answer; every other one takes what comes. */
  readonly answers: Map<string, Delivered>
  /** Every reconciler once for each of its keys. */
  reconcile(): Promise<void>
}

/** The engine of topics in memory, with queues and web servers that a test speaks for. */
export function topicsWorld(): TopicsWorld {
  const clock = manualClock()
  const context = {
    store: memoryStore(clock),
    clock,
    random: seededRandom(1),
    log: silentLog,
    events: { publish: () => undefined },
    wake: { wake: () => undefined },
  }
  const arrived: (readonly [string, string])[] = []
  const sent: QueueMessage[] = []
  const answers = new Map<string, Delivered>()
  const take = (place: string, body: string): Delivered => {
    const answer = answers.get(place) ?? { kind: 'delivered' }
    if (answer.kind === 'delivered') arrived.push([place, body])
    return answer
  }
  const topics = createTopics(context, {
    endpoint: 'http://127.0.0.1:4566',
    ports: {
      queues: {
        find: async (arn) => ({ isFifo: arn.endsWith('.fifo') }),
        async send(arn, message) {
          sent.push(message)
          return take(arn, message.body)
        },
      },
      web: { post: async ({ url, body }: WebMessage) => take(url, body) },
    },
  })
  return {
    context,
    topics,
    arrived,
    sent,
    answers,
    async reconcile() {
      const { signal } = new AbortController()
      for (const reconciler of topics.reconcilers) {
        for (const key of await reconciler.keys()) await reconciler.reconcile(key, signal)
      }
    },
  }
}
