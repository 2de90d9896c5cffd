import assert from 'node:assert/strict'
import type { RemovalOutcome, StoredMessage } from '../../queue/domain/message.ts'

/** What a sender was told of one message. */
export interface Sent {
  readonly group: string
  readonly key: string
  readonly body: string
  readonly isDuplicate: boolean
}

/** What consumers did at the same time: nothing is known of the order among these. */
export interface Round {
  readonly at: number
  readonly claims: readonly {
    readonly hidden: number
    readonly messages: readonly StoredMessage[]
  }[]
  readonly removals: readonly {
    readonly message: StoredMessage
    readonly outcome: RemovalOutcome
  }[]
  /** Deliveries whose hiding was ended or prolonged to this time. */
  readonly changes: readonly { readonly message: StoredMessage; readonly visibleAt: number }[]
}

interface Kept {
  readonly body: string
  visibleAt: number
  isRemoved: boolean
  deliveries: number
}

/**
 * What a FIFO queue owes its consumers, however they interleave: of each group one message after the other, none twice at once, none
 * after its removal, none lost, and of each deduplication id one. Pure: told what was sent and done, it fails with what was broken.
 */
export class FifoLaw {
  readonly #groups = new Map<string, Kept[]>()
  readonly #keys = new Map<string, { readonly body: string; readonly until: number }>()

  sent(messages: readonly Sent[], now: number, windowMilliseconds: number): void {
    for (const { group, key, body, isDuplicate } of messages) {
      const known = this.#keys.get(key)
      const isKnown = known !== undefined && known.until > now
      assert.equal(isDuplicate, isKnown, `${key} was ${isKnown ? '' : 'not '}sent before`)
      if (isKnown) continue
      this.#keys.set(key, { body, until: now + windowMilliseconds })
      const kept = this.#groups.get(group) ?? []
      this.#groups.set(group, [...kept, { body, visibleAt: 0, isRemoved: false, deliveries: 0 }])
    }
  }

  happened({ at, claims, removals, changes }: Round): void {
    const removed = new Set<string>()
    for (const { message, outcome } of removals) {
      const kept = this.#find(message)
      if (outcome !== 'removed') continue
      assert.ok(!kept.isRemoved, `${message.body} was removed twice`)
      assert.equal(kept.deliveries, message.delivery, `${message.body} went by an old delivery`)
      removed.add(message.body)
    }
    // A change of visibility may come before or after a claim of the same moment.
    const shown = new Set(
      changes.filter(({ visibleAt }) => visibleAt <= at).map(({ message }) => message.body),
    )
    const taken = new Set<string>()
    for (const { messages } of claims) this.#claimed(messages, { at, removed, shown, taken })
    for (const body of removed) this.#all().find((one) => one.body === body)!.isRemoved = true
    for (const { message, visibleAt } of changes) {
      if (!taken.has(message.body)) this.#find(message).visibleAt = visibleAt
    }
    for (const { messages, hidden } of claims) {
      for (const message of messages) this.#delivered(message, at + hidden)
    }
  }

  /** Everything that is still owed. */
  left(): readonly string[] {
    return this.#all()
      .filter(({ isRemoved }) => !isRemoved)
      .map(({ body }) => body)
  }

  #claimed(
    messages: readonly StoredMessage[],
    round: { at: number; removed: Set<string>; shown: Set<string>; taken: Set<string> },
  ): void {
    const { at, removed, shown, taken } = round
    const own = new Set<string>()
    for (const message of messages) {
      const { body, group = '' } = message
      const kept = this.#find(message)
      assert.ok(!kept.isRemoved, `${body} was given after its removal`)
      assert.ok(!taken.has(body), `${body} was given twice at once`)
      const isShown = kept.visibleAt <= at || shown.has(body)
      assert.ok(isShown, `${body} was given while it was hidden`)
      for (const before of this.#groups.get(group) ?? []) {
        if (before.body === body) break
        const isDone = before.isRemoved || removed.has(before.body) || own.has(before.body)
        assert.ok(isDone, `${body} was given before ${before.body}`)
      }
      own.add(body)
    }
    for (const body of own) taken.add(body)
  }

  #delivered(message: StoredMessage, visibleAt: number): void {
    const kept = this.#find(message)
    kept.deliveries = Math.max(kept.deliveries, message.delivery)
    kept.visibleAt = visibleAt
  }

  #find({ body }: StoredMessage): Kept {
    const kept = this.#all().find((one) => one.body === body)
    assert.ok(kept, `${body} was never accepted`)
    return kept
  }

  #all(): readonly Kept[] {
    return [...this.#groups.values()].flat()
  }
}
