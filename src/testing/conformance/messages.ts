import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { uuid } from '../../kernel/random.ts'
import { MessageModel } from '../../queue/domain/message-model.ts'
import type { ClaimOrder, Delivery, NewMessage, StoredMessage } from '../../queue/domain/message.ts'
import type { MessageStore } from '../../queue/message-store.ts'
import { seededRandom } from '../seeded-random.ts'

const minute = 60_000
const start = Date.UTC(2026, 10, 22, 10)

type Command =
  | {
      readonly kind: 'append'
      readonly group: number
      readonly key: number
      readonly delay: number
    }
  | { readonly kind: 'claim'; readonly limit: number; readonly seconds: number }
  | { readonly kind: 'remove' | 'release'; readonly which: number }
  | { readonly kind: 'hide'; readonly which: number; readonly seconds: number }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'move' | 'expire' }

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      group: fc.nat(2),
      key: fc.nat(9),
      delay: fc.constantFrom(0, 0, 5),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      limit: fc.integer({ min: 1, max: 5 }),
      seconds: fc.constantFrom(0, 10, 30),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('remove', 'release'), which: fc.nat(30) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('hide' as const),
      which: fc.nat(30),
      seconds: fc.constantFrom(0, 20, 50_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 15, 400),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('move', 'expire') }) },
)

/** Drives a store through commands. What it sees is told without what the store itself may choose: ids are the messages' bodies. */
class Script {
  readonly #store: MessageStore | MessageModel
  readonly #isFifo: boolean
  readonly #queue: number
  readonly #random = seededRandom(7)
  readonly #given: StoredMessage[] = []
  readonly #bodies = new Map<string, string>()
  #now = start
  #sent = 0

  constructor(store: MessageStore | MessageModel, queue: number, isFifo: boolean) {
    this.#store = store
    this.#queue = queue
    this.#isFifo = isFifo
  }

  async run(step: Command): Promise<unknown> {
    const store = this.#store
    const now = this.#now
    switch (step.kind) {
      case 'append': {
        const message = this.#message(step)
        this.#bodies.set(message.id, message.body)
        const [appended] = await store.append([message], now)
        return [this.#bodies.get(appended!.id), appended!.isDuplicate]
      }
      case 'claim': {
        const { messages, movedCount } = await store.claim(this.#claim(step))
        this.#given.push(...messages)
        return [messages.map(seen), movedCount]
      }
      case 'remove':
        return this.#with(step.which, async (delivery) =>
          store.remove([{ ...delivery, mustBeInFlight: this.#isFifo }], now),
        )
      case 'release':
        return this.#with(step.which, async (delivery) => store.release([delivery], now))
      case 'hide':
        return this.#with(step.which, async (delivery) =>
          store.changeVisibility(
            [
              {
                ...delivery,
                visibleAt: now + step.seconds * 1000,
                hiddenMillisecondsMax: 43_200_000,
              },
            ],
            now,
          ),
        )
      case 'wait':
        this.#now += step.seconds * 1000
        return this.counts()
      case 'move':
        return store.move({
          from: this.#queue + 1,
          to: new Map([['arn:source', this.#queue]]),
          limit: 2,
          now,
          isFifo: this.#isFifo,
        })
      case 'expire':
        return store.expire(this.#queue, now - 10 * minute, now, 100)
    }
  }

  async counts(): Promise<unknown> {
    const [own, dead] = [this.#queue, this.#queue + 1]
    return [
      await this.#store.count(own, this.#now),
      await this.#store.count(dead, this.#now),
      await this.#store.nextVisibleAt(own, this.#now),
    ]
  }

  #message(step: { group: number; key: number; delay: number }): NewMessage {
    return {
      queue: this.#queue,
      id: uuid(this.#random),
      body: `message ${this.#sent++}`,
      sender: 'test',
      sentAt: this.#now,
      visibleAt: this.#now + step.delay * 1000,
      isFifo: this.#isFifo,
      ...(this.#isFifo
        ? {
            group: `group ${step.group}`,
            deduplicationKey: `key ${step.key}`,
            deduplicateUntil: this.#now + 5 * minute,
          }
        : {}),
    }
  }

  #claim(step: { limit: number; seconds: number }): ClaimOrder {
    return {
      queue: this.#queue,
      isFifo: this.#isFifo,
      limit: step.limit,
      now: this.#now,
      visibleAt: this.#now + step.seconds * 1000,
      keptAfter: this.#now - 10 * minute,
      redrive: { queue: this.#queue + 1, deliveriesMax: 2, sourceArn: 'arn:source' },
    }
  }

  async #with(which: number, act: (delivery: Delivery) => Promise<unknown>): Promise<unknown> {
    const delivery = this.#given.at(-1 - which)
    return delivery && act(delivery)
  }
}

/** Everything of a delivery but the store's own numbers. */
function seen({ queue: _queue, sequence: _sequence, ...message }: StoredMessage): object {
  return { ...message }
}

let queuesMade = 0

/** What a message store promises, held against one. `runs` is how many random histories it is taken through. */
export function messagesConformance(
  name: string,
  open: () => Promise<MessageStore>,
  runs: number,
): void {
  for (const isFifo of [false, true]) {
    const what = isFifo ? 'FIFO' : 'standard'
    test(`${name}: every history of a ${what} queue is the model's`, async () => {
      const store = await open()
      await fc.assert(
        fc.asyncProperty(fc.array(command, { maxLength: 40 }), async (commands) => {
          const queue = (queuesMade += 2)
          const real = new Script(store, queue, isFifo)
          const model = new Script(new MessageModel(), queue, isFifo)
          for (const step of commands) {
            assert.deepEqual(await real.run(step), await model.run(step), JSON.stringify(step))
          }
          assert.deepEqual(await real.counts(), await model.counts())
        }),
        { numRuns: runs },
      )
    })
  }

  consumersConformance(name, open)
  textsConformance(name, open)
  groupsConformance(name, open)
}

function consumersConformance(name: string, open: () => Promise<MessageStore>): void {
  test(`${name}: consumers at the same time never get the same message, and lose none`, async () => {
    const store = await open()
    const queue = (queuesMade += 2)
    const count = 400
    await store.append(
      Array.from({ length: count }, (_, n) => plain(queue, `m${n}`)),
      start,
    )
    const got: string[] = []
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (;;) {
          const { messages } = await store.claim(claimOf(queue, false, 7))
          if (messages.length === 0) return
          got.push(...messages.map(({ body }) => body))
          await store.remove(
            messages.map((message) => ({ ...message, mustBeInFlight: false })),
            start,
          )
        }
      }),
    )
    assert.equal(got.length, count)
    assert.equal(new Set(got).size, count)
    assert.equal((await store.count(queue, start)).visible, 0)
  })

  test(`${name}: what is cleared is gone, its counts and its deduplication with it`, async () => {
    const store = await open()
    const queue = (queuesMade += 2)
    const marked = {
      ...plain(queue, 'once'),
      isFifo: true,
      group: 'one',
      deduplicationKey: 'key',
      deduplicateUntil: start + minute,
    }
    await store.append([marked], start)
    await store.clear()
    assert.deepEqual(await store.queues(), [])
    assert.equal((await store.count(queue, start)).visible, 0)
    const [again] = await store.append([{ ...marked, id: uuid(seededRandom(8)) }], start)
    assert.equal(again?.isDuplicate, false)
    assert.equal((await store.count(queue, start)).visible, 1)
  })

  test(`${name}: a purge takes what was there, and a replay gives the same deliveries`, async () => {
    const store = await open()
    const queue = (queuesMade += 2)
    await store.append([plain(queue, 'before')], start)
    const mark = await store.lastSequence()
    await store.append([plain(queue, 'after')], start)
    assert.ok((await store.queues()).includes(queue))
    assert.equal(await store.purge(queue, mark, 100), 1)
    const { messages } = await store.claim({ ...claimOf(queue, false, 9), attempt: 'one' })
    assert.deepEqual(
      messages.map(({ body }) => body),
      ['after'],
    )
    const order = { queue, attemptedAfter: start - minute, now: start + 1, visibleAt: start + 9000 }
    assert.deepEqual(await store.replay({ ...order, attempt: 'one' }), messages)
    assert.deepEqual(await store.replay({ ...order, attempt: 'two' }), [])
  })
}

function textsConformance(name: string, open: () => Promise<MessageStore>): void {
  test(`${name}: every text comes back as it was`, async () => {
    const store = await open()
    const piece = fc.constantFrom(
      '\\',
      '\\N',
      '\\.',
      '\t',
      '\n',
      '\r',
      '"',
      "'",
      'ä',
      '€',
      '😀',
      ' ',
      'x',
    )
    const text = fc.array(piece, { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join(''))
    const texts = fc.tuple(text, text, text)
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 9 }), async (all) => {
        const queue = (queuesMade += 2)
        await store.append(
          all.map(([body, attributes, trace]) => ({ ...plain(queue, body), attributes, trace })),
          start,
        )
        const { messages } = await store.claim(claimOf(queue, false, 9))
        assert.deepEqual(
          messages.map(({ body, attributes, trace }) => [body, attributes, trace]),
          all,
        )
      }),
      { numRuns: 30 },
    )
  })
}

function groupsConformance(name: string, open: () => Promise<MessageStore>): void {
  test(`${name}: consumers of a FIFO queue at the same time see each group in order`, async () => {
    const store = await open()
    const queue = (queuesMade += 2)
    const groups = 5
    const count = 200
    for (let n = 0; n < count; n += 20) {
      const some = Array.from({ length: 20 }, (_, at) => n + at)
      await store.append(
        some.map((at) => ({ ...plain(queue, `${at}`), isFifo: true, group: `${at % groups}` })),
        start,
      )
    }
    const got: { group: string | undefined; body: number }[] = []
    const inFlight = new Set<string>()
    await Promise.all(
      Array.from({ length: 6 }, async () => {
        while (got.length < count) {
          const { messages } = await store.claim(claimOf(queue, true, 3))
          const held = new Set(messages.map(({ group }) => group ?? ''))
          for (const group of held) {
            assert.ok(!inFlight.has(group), `group ${group} is in flight twice`)
            inFlight.add(group)
          }
          got.push(...messages.map(({ group, body }) => ({ group, body: Number(body) })))
          await new Promise((resolve) => setImmediate(resolve))
          for (const group of held) inFlight.delete(group)
          await store.remove(
            messages.map((message) => ({ ...message, mustBeInFlight: true })),
            start,
          )
        }
      }),
    )
    assert.equal(got.length, count)
    for (const ofGroup of Map.groupBy(got, ({ group }) => group).values()) {
      const bodies = ofGroup.map(({ body }) => body)
      assert.deepEqual(
        bodies,
        bodies.toSorted((a, b) => a - b),
      )
    }
  })
}

const random = seededRandom(11)

function plain(queue: number, body: string): NewMessage {
  const id = uuid(random)
  return { queue, id, body, sender: 'test', sentAt: start, visibleAt: start, isFifo: false }
}

function claimOf(queue: number, isFifo: boolean, limit: number): ClaimOrder {
  return {
    queue,
    isFifo,
    limit,
    now: start,
    visibleAt: start + 30_000,
    keptAfter: start - minute,
  }
}
