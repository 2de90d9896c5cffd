import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uuid, type Random } from '../../kernel/random.ts'
import type { NewMessage, RemovalOutcome, StoredMessage } from '../../queue/domain/message.ts'
import type { MessageStore } from '../../queue/message-store.ts'
import { seededRandom } from '../seeded-random.ts'
import { FifoLaw } from './fifo-law.ts'

const minute = 60_000
const windowMilliseconds = 5 * minute
const start = Date.UTC(2026, 10, 22, 10)
/** Histories that run beside each other, each on a queue of its own: most of their time is waiting. */
const lanes = 8
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
    let seed = 0
    const lane = async (): Promise<void> => {
      while (seed < seeds) {
        const own = ++seed
        try {
          await runHistory(store, own)
        } catch (thrown) {
          throw new Error(`seed ${own}`, { cause: thrown })
        }
      }
    }
    await Promise.all(Array.from({ length: lanes }, lane))
  })
}

async function runHistory(store: MessageStore, seed: number): Promise<void> {
  const history = new History(store, queuesMade++, seededRandom(seed))
  for (let n = 0; n < rounds; n++) await history.step()
  await drain(store, history.queue, { law: history.law, now: history.now + minute })
}

class History {
  readonly law = new FifoLaw()
  readonly queue: number
  readonly #store: MessageStore
  readonly #random: Random
  #held: StoredMessage[] = []
  #sent = 0
  now = start

  constructor(store: MessageStore, queue: number, random: Random) {
    this.#store = store
    this.queue = queue
    this.#random = random
  }

  async step(): Promise<void> {
    await this.#send()
    await this.#work()
    // Sometimes long enough that what is held shows again, and that deduplication ends.
    this.now += [0, 1_000, 15_000, 6 * minute][this.#random.below(4)] ?? 0
  }

  async #send(): Promise<void> {
    const random = this.#random
    const { queue, now } = this
    const messages = Array.from({ length: random.below(5) }, (): NewMessage => {
      const isRepeated = random.below(4) === 0
      const key = `key ${isRepeated ? random.below(this.#sent + 1) : this.#sent}`
      const body = `message ${this.#sent++}`
      return {
        ...{ queue, body, id: uuid(random), sender: 'test', sentAt: now, visibleAt: now },
        ...{ isFifo: true, group: `group ${random.below(groups)}` },
        ...{ deduplicationKey: key, deduplicateUntil: now + windowMilliseconds },
      }
    })
    const appended = await this.#store.append(messages, now)
    const told = messages.map(({ group = '', deduplicationKey: key = '', body }, n) => ({
      ...{ group, key, body, isDuplicate: appended[n]!.isDuplicate },
    }))
    this.law.sent(told, now, windowMilliseconds)
  }

  /** Claims, removals and changes of visibility, all at once. */
  async #work(): Promise<void> {
    const random = this.#random
    const removing = this.#held.filter(() => random.below(2) === 0)
    const kept = this.#held.filter((one) => !removing.includes(one))
    const changing = kept.filter(() => random.below(4) === 0)
    const [claims, removals, changes] = await Promise.all([
      Promise.all(Array.from({ length: consumers }, () => this.#claim())),
      Promise.all(removing.map((message) => this.#remove(message))),
      Promise.all(changing.map((message) => this.#change(message))),
    ])
    this.law.happened({ at: this.now, claims, removals, changes: changes.flat() })
    this.#held = [...kept, ...claims.flatMap(({ messages }) => messages)]
  }

  async #claim(): Promise<{ hidden: number; messages: readonly StoredMessage[] }> {
    const { queue, now } = this
    const limit = 1 + this.#random.below(4)
    const hidden = 10_000 + 1_000 * this.#random.below(20)
    const order = { queue, isFifo: true, limit, now, visibleAt: now + hidden }
    const { messages } = await this.#store.claim({ ...order, keptAfter: start - minute })
    return { hidden, messages }
  }

  async #remove(
    message: StoredMessage,
  ): Promise<{ message: StoredMessage; outcome: RemovalOutcome }> {
    const [outcome] = await this.#store.remove([{ ...message, mustBeInFlight: true }], this.now)
    return { message, outcome: outcome! }
  }

  async #change(
    message: StoredMessage,
  ): Promise<readonly { message: StoredMessage; visibleAt: number }[]> {
    const visibleAt = this.now + (this.#random.below(2) === 0 ? 0 : 20_000)
    const order = { ...message, visibleAt, hiddenMillisecondsMax: 43_200_000 }
    const [outcome] = await this.#store.changeVisibility([order], this.now)
    return outcome === 'changed' ? [{ message, visibleAt }] : []
  }
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
