import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuid } from '../../kernel/random.ts'
import type { NewMessage, RemovalOutcome, StoredMessage } from '../../queue/domain/message.ts'
import type { MessageStore } from '../../queue/message-store.ts'
import { seededRandom } from '../seeded-random.ts'
import { FifoLaw } from './fifo-law.ts'

const minute = 60_000
const windowMilliseconds = 5 * minute
const start = Date.UTC(2026, 10, 22, 10)
const rounds = 12
const consumers = 4
const groups = 3
let queuesMade = 900_000

/** Takes a store through `seeds` histories of senders and consumers that work at the same time, and holds each against the law. */
export function fifoConsumersConformance(
  name: string,
  open: () => Promise<MessageStore>,
  seeds: number,
): void {
  test(`${name}: ${seeds} histories of concurrent consumers keep order, exclusion and once`, async () => {
    const store = await open()
    for (let seed = 1; seed <= seeds; seed++) {
      try {
        await runHistory(store, seed)
      } catch (thrown) {
        throw new Error(`seed ${seed}`, { cause: thrown })
      }
    }
  })
}

async function runHistory(store: MessageStore, seed: number): Promise<void> {
  const random = seededRandom(seed)
  const queue = queuesMade++
  const law = new FifoLaw()
  let held: StoredMessage[] = []
  let now = start
  let sent = 0

  const send = async (): Promise<void> => {
    const messages = Array.from({ length: random.below(5) }, (): NewMessage => {
      const key = random.below(4) === 0 ? `key ${random.below(sent + 1)}` : `key ${sent}`
      const body = `message ${sent++}`
      return {
        ...{ queue, body, id: uuid(random), sender: 'test', sentAt: now, visibleAt: now },
        ...{ isFifo: true, group: `group ${random.below(groups)}` },
        ...{ deduplicationKey: key, deduplicateUntil: now + windowMilliseconds },
      }
    })
    const appended = await store.append(messages, now)
    const told = messages.map(({ group = '', deduplicationKey: key = '', body }, n) => ({
      ...{ group, key, body, isDuplicate: appended[n]!.isDuplicate },
    }))
    law.sent(told, now, windowMilliseconds)
  }

  const round = async (): Promise<void> => {
    const removing = held.filter(() => random.below(2) === 0)
    const changing = held.filter((one) => !removing.includes(one) && random.below(4) === 0)
    const change = changing.map((message) => ({
      message,
      visibleAt: now + (random.below(2) === 0 ? 0 : 20_000),
    }))
    const orders = Array.from({ length: consumers }, () => ({
      limit: 1 + random.below(4),
      hidden: 10_000 + 1_000 * random.below(20),
    }))
    const [claims, outcomes, changed] = await Promise.all([
      Promise.all(
        orders.map(async ({ limit, hidden }) => {
          const visibleAt = now + hidden
          const order = { queue, isFifo: true, limit, now, visibleAt, keptAfter: start - minute }
          return { hidden, messages: (await store.claim(order)).messages }
        }),
      ),
      Promise.all(
        removing.map(async (message): Promise<RemovalOutcome> => {
          const [outcome] = await store.remove([{ ...message, mustBeInFlight: true }], now)
          return outcome!
        }),
      ),
      Promise.all(
        change.map(async ({ message, visibleAt }) => {
          const order = { ...message, visibleAt, hiddenMillisecondsMax: 43_200_000 }
          const [outcome] = await store.changeVisibility([order], now)
          return outcome === 'changed'
        }),
      ),
    ])
    law.happened({
      at: now,
      claims,
      removals: removing.map((message, n) => ({ message, outcome: outcomes[n]! })),
      changes: change.filter((_, n) => changed[n]),
    })
    const kept = held.filter((one) => !removing.includes(one))
    held = [...kept, ...claims.flatMap(({ messages }) => messages)]
  }

  for (let n = 0; n < rounds; n++) {
    await send()
    await round()
    // Sometimes long enough that what is held shows again, and that deduplication ends.
    now += [0, 1_000, 15_000, 6 * minute][random.below(4)] ?? 0
  }
  await drain(store, queue, { law, now: now + minute })
}

/** What is left comes in the end, each once more. */
async function drain(
  store: MessageStore,
  queue: number,
  { law, now }: { law: FifoLaw; now: number },
): Promise<void> {
  for (;;) {
    const order = { queue, isFifo: true, limit: 10, now, visibleAt: now + minute }
    const { messages } = await store.claim({ ...order, keptAfter: start - minute })
    if (messages.length === 0) break
    law.happened({
      ...{ at: now, claims: [{ hidden: minute, messages }], removals: [], changes: [] },
    })
    const orders = messages.map((message) => ({ ...message, mustBeInFlight: true }))
    const outcomes = await store.remove(orders, now)
    law.happened({
      ...{ at: now, claims: [], changes: [] },
      removals: messages.map((message, n) => ({ message, outcome: outcomes[n]! })),
    })
  }
  assert.deepEqual(law.left(), [])
}
