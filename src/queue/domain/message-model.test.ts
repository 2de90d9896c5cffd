import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MessageModel } from './message-model.ts'
import type { StoredMessage } from './message.ts'

// The model is held to what SQS promises, told from outside: who has which message, and since when.

const queue = 1
const deduplicationMilliseconds = 300_000
const hiddenMilliseconds = 30_000

type Step =
  | { readonly kind: 'send'; readonly group: string; readonly key: number }
  | { readonly kind: 'receive'; readonly limit: number }
  | { readonly kind: 'delete' | 'giveBack'; readonly which: number }
  | { readonly kind: 'wait'; readonly milliseconds: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('send' as const),
    group: fc.constantFrom('a', 'b', 'c'),
    key: fc.nat(8),
  }),
  fc.record({ kind: fc.constant('receive' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constantFrom('delete', 'giveBack'), which: fc.nat(5) }),
  fc.record({
    kind: fc.constant('wait' as const),
    milliseconds: fc.constantFrom(1_000, 29_999, 30_000, 300_000),
  }),
)

/** A consumer's notebook beside the model. */
class Witness {
  readonly model = new MessageModel()
  readonly isFifo: boolean
  now = 1_000_000
  /** Accepted and not deleted, in the order of sending. */
  readonly there: { id: string; group: string }[] = []
  readonly held = new Map<string, { message: StoredMessage; until: number }>()
  readonly keys = new Map<number, { id: string; until: number }>()
  sent = 0

  constructor(isFifo: boolean) {
    this.isFifo = isFifo
  }

  take(next: Step): void {
    switch (next.kind) {
      case 'send':
        return this.send(next.group, next.key)
      case 'receive':
        return this.receive(next.limit)
      case 'delete':
        return this.end(next.which, true)
      case 'giveBack':
        return this.end(next.which, false)
      case 'wait':
        this.now += next.milliseconds
    }
  }

  send(group: string, key: number): void {
    const id = `m${this.sent++}`
    const known = this.keys.get(key)
    const isDuplicate = this.isFifo && known !== undefined && known.until > this.now
    const [appended] = this.model.append(
      [
        {
          ...{ queue, id, body: id, sender: 's', sentAt: this.now, visibleAt: this.now, group },
          isFifo: this.isFifo,
          ...(this.isFifo
            ? {
                deduplicationKey: `${key}`,
                deduplicateUntil: this.now + deduplicationMilliseconds,
              }
            : {}),
        },
      ],
      this.now,
    )
    assert.equal(appended?.isDuplicate, isDuplicate)
    assert.equal(appended.id, isDuplicate ? known.id : id)
    if (isDuplicate) return
    this.keys.set(key, { id, until: this.now + deduplicationMilliseconds })
    this.there.push({ id, group })
  }

  receive(limit: number): void {
    const inFlight = [...this.held.values()].filter(({ until }) => until > this.now)
    const hidden = new Set(inFlight.map(({ message }) => message.id))
    const blocked = new Set(inFlight.map(({ message }) => message.group))
    const open = this.there.filter(
      ({ id, group }) => !hidden.has(id) && !(this.isFifo && blocked.has(group)),
    )
    const { messages } = this.model.claim({
      ...{ queue, isFifo: this.isFifo, limit, now: this.now, keptAfter: 0 },
      visibleAt: this.now + hiddenMilliseconds,
    })
    assert.equal(messages.length, Math.min(limit, open.length))
    const got = new Set(messages.map(({ id }) => id))
    assert.equal(got.size, messages.length)
    for (const { id } of messages) assert.ok(open.some((each) => each.id === id))
    for (const [, ofGroup] of this.isFifo ? Map.groupBy(open, ({ group }) => group) : []) {
      const taken = ofGroup.map(({ id }) => got.has(id))
      assert.ok(taken.lastIndexOf(true) < taken.indexOf(false) || !taken.includes(false))
    }
    const until = this.now + hiddenMilliseconds
    for (const message of messages) this.held.set(message.id, { message, until })
  }

  end(which: number, isDeleted: boolean): void {
    const entry = [...this.held.values()].at(which)
    if (!entry) return
    const { message, until } = entry
    const isInFlight = until > this.now
    if (!isDeleted) {
      const order = { ...message, visibleAt: this.now, hiddenMillisecondsMax: 43_200_000 }
      const [outcome] = this.model.changeVisibility([order], this.now)
      assert.equal(outcome, isInFlight ? 'changed' : 'not-in-flight')
      this.held.delete(message.id)
      return
    }
    const [outcome] = this.model.remove([{ ...message, mustBeInFlight: this.isFifo }], this.now)
    assert.equal(outcome, isInFlight || !this.isFifo ? 'removed' : 'expired')
    this.held.delete(message.id)
    if (outcome !== 'removed') return
    const at = this.there.findIndex(({ id }) => id === message.id)
    this.there.splice(at, 1)
  }
}

for (const isFifo of [false, true]) {
  const what = isFifo ? 'FIFO' : 'standard'
  test(`a ${what} queue delivers what is open, nobody's message twice, and loses none`, () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const witness = new Witness(isFifo)
        for (const next of steps) witness.take(next)
        const { visible, inFlight } = witness.model.count(queue, witness.now)
        assert.equal(visible + inFlight, witness.there.length)
      }),
      { numRuns: 2_000 },
    )
  })
}
