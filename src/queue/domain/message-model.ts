import type {
  AppendedMessage,
  ClaimOrder,
  ClaimedMessages,
  Delivery,
  MessageCounts,
  MoveOrder,
  NewMessage,
  RemovalOrder,
  RemovalOutcome,
  StoredMessage,
  VisibilityOrder,
  VisibilityOutcome,
} from './message.ts'

interface Held {
  queue: number
  sequence: number
  visibleAt: number
  claimedAt: number
  keptFrom: number
  enqueuedAt: number
  delivery: number
  earlierReceives: number
  firstReceivedAt: number
  attempt: string | undefined
  sourceArn: string | undefined
  readonly message: NewMessage
}

/**
 * What a message store means, without a clock, a disk or concurrency: the judge of the real ones, and the body of the fake. It keeps one
 * list in the order of sequence, and looks through it.
 */
export class MessageModel {
  #last = 0
  #held: Held[] = []
  readonly #marks = new Map<string, { until: number; id: string; sequence: number }>()

  clear(): void {
    this.#held = []
    this.#marks.clear()
  }

  append(messages: readonly NewMessage[], now: number): AppendedMessage[] {
    return messages.map((message) => {
      const { queue, id, deduplicationKey: key } = message
      const mark = key === undefined ? undefined : this.#marks.get(`${queue} ${key}`)
      if (mark && mark.until > now) {
        return { id: mark.id, sequence: mark.sequence, isDuplicate: true }
      }
      const sequence = ++this.#last
      if (key !== undefined) {
        this.#marks.set(`${queue} ${key}`, { until: message.deduplicateUntil ?? now, id, sequence })
      }
      this.#held.push({
        queue,
        sequence,
        visibleAt: message.visibleAt,
        claimedAt: 0,
        keptFrom: message.sentAt,
        enqueuedAt: message.sentAt,
        delivery: 0,
        earlierReceives: 0,
        firstReceivedAt: 0,
        attempt: undefined,
        sourceArn: undefined,
        message,
      })
      return { id, sequence: message.isFifo ? sequence : 0, isDuplicate: false }
    })
  }

  claim(order: ClaimOrder): ClaimedMessages {
    const candidates = order.isFifo ? this.#openHeads(order) : this.#visible(order.queue, order.now)
    const picked = candidates
      .filter((held) => held.keptFrom > order.keptAfter)
      .toSorted((a, b) => (order.isFifo ? 0 : a.visibleAt - b.visibleAt) || a.sequence - b.sequence)
      .slice(0, order.limit)
    const { redrive, now } = order
    const isDead = (held: Held): boolean =>
      redrive !== undefined && held.delivery >= redrive.deliveriesMax
    const dead = picked.filter(isDead)
    for (const held of dead) {
      this.#place(held, { queue: redrive!.queue, now, isFifo: order.isFifo })
      held.sourceArn = redrive!.sourceArn
    }
    const taken = picked.filter((held) => !dead.includes(held))
    for (const held of taken) {
      held.delivery++
      held.visibleAt = order.visibleAt
      held.claimedAt = now
      held.firstReceivedAt ||= now
      held.attempt = order.attempt
    }
    const messages = taken.map(storedOf).toSorted((a, b) => a.sequence - b.sequence)
    return { messages, movedCount: dead.length }
  }

  replay(order: {
    queue: number
    attempt: string
    attemptedAfter: number
    now: number
    visibleAt: number
  }): StoredMessage[] {
    const found = this.#of(order.queue).filter(
      (held) =>
        held.attempt === order.attempt &&
        held.claimedAt > order.attemptedAfter &&
        held.visibleAt > order.now,
    )
    for (const held of found) held.visibleAt = order.visibleAt
    return found.map(storedOf)
  }

  remove(orders: readonly RemovalOrder[], now: number): RemovalOutcome[] {
    return orders.map((order) => {
      const held = this.#find(order)
      if (!held) return 'absent'
      if (held.delivery !== order.delivery) return order.mustBeInFlight ? 'expired' : 'absent'
      if (order.mustBeInFlight && held.visibleAt <= now) return 'expired'
      this.#drop((each) => each === held)
      return 'removed'
    })
  }

  changeVisibility(orders: readonly VisibilityOrder[], now: number): VisibilityOutcome[] {
    return orders.map((order) => {
      const held = this.#find(order)
      if (!held) return 'absent'
      if (held.delivery !== order.delivery || held.visibleAt <= now) return 'not-in-flight'
      if (order.visibleAt - held.claimedAt > order.hiddenMillisecondsMax) return 'too-long'
      held.visibleAt = order.visibleAt
      return 'changed'
    })
  }

  release(deliveries: readonly Delivery[], now: number): void {
    for (const delivery of deliveries) {
      const held = this.#find(delivery)
      if (!held || held.delivery !== delivery.delivery) continue
      held.visibleAt = now
      held.delivery--
      if (held.delivery + held.earlierReceives === 0) held.firstReceivedAt = 0
    }
  }

  count(queue: number, now: number): MessageCounts {
    const all = this.#of(queue)
    const hidden = all.filter((held) => held.visibleAt > now)
    const inFlight = hidden.filter((held) => held.delivery > 0).length
    return {
      visible: all.length - hidden.length,
      inFlight,
      delayed: hidden.length - inFlight,
      oldestAt: all[0]?.enqueuedAt,
    }
  }

  nextVisibleAt(queue: number, now: number): number | undefined {
    const times = this.#of(queue).map((held) => held.visibleAt)
    const later = times.filter((time) => time > now)
    return later.length > 0 ? Math.min(...later) : undefined
  }

  move({ from, limit, now, isFifo, to }: MoveOrder): { moved: number; unplaced: number } {
    const picked = this.#visible(from, now).slice(0, limit)
    let moved = 0
    for (const held of picked) {
      const queue = typeof to === 'number' ? to : to.get(held.sourceArn ?? '')
      if (queue === undefined) continue
      this.#place(held, { queue, now, isFifo })
      moved++
    }
    return { moved, unplaced: picked.length - moved }
  }

  lastSequence(): number {
    return this.#last
  }

  purge(queue: number, through: number, limit: number): number {
    const gone = this.#of(queue)
      .filter((held) => held.sequence <= through)
      .slice(0, limit)
    return this.#drop((held) => gone.includes(held))
  }

  expire(queue: number, keptBefore: number, now: number, limit: number): number {
    for (const [key, mark] of this.#marks) if (mark.until <= now) this.#marks.delete(key)
    const gone = this.#of(queue)
      .filter((held) => held.keptFrom <= keptBefore)
      .slice(0, limit)
    return this.#drop((held) => gone.includes(held))
  }

  queues(): number[] {
    return [...new Set(this.#held.map((held) => held.queue))]
  }

  #of(queue: number): Held[] {
    return this.#held.filter((held) => held.queue === queue)
  }

  #visible(queue: number, now: number): Held[] {
    return this.#of(queue).filter((held) => held.visibleAt <= now)
  }

  /** Visible messages of groups where nothing is in flight, and nothing earlier is delayed. */
  #openHeads({ queue, now }: ClaimOrder): Held[] {
    const hidden = this.#of(queue).filter((held) => held.visibleAt > now)
    return this.#visible(queue, now).filter(
      (held) =>
        !hidden.some(
          (other) =>
            other.message.group === held.message.group &&
            (other.delivery > 0 || other.sequence < held.sequence),
        ),
    )
  }

  #find({ queue, sequence, id }: Delivery): Held | undefined {
    return this.#held.find(
      (held) => held.queue === queue && held.sequence === sequence && held.message.id === id,
    )
  }

  /** At the end of another queue, visible at once, its deliveries counted anew. */
  #place(held: Held, to: { queue: number; now: number; isFifo: boolean }): void {
    held.queue = to.queue
    held.sequence = ++this.#last
    held.visibleAt = to.now
    held.enqueuedAt = to.now
    if (to.isFifo) held.keptFrom = to.now
    held.earlierReceives += held.delivery
    held.delivery = 0
    held.attempt = undefined
    held.sourceArn = undefined
    this.#held = this.#held.toSorted((a, b) => a.sequence - b.sequence)
  }

  #drop(isGone: (held: Held) => boolean): number {
    const before = this.#held.length
    this.#held = this.#held.filter((held) => !isGone(held))
    return before - this.#held.length
  }
}

function storedOf(held: Held): StoredMessage {
  const { message } = held
  return {
    queue: held.queue,
    sequence: held.sequence,
    id: message.id,
    delivery: held.delivery,
    body: message.body,
    attributes: message.attributes,
    trace: message.trace,
    sender: message.sender,
    sentAt: message.sentAt,
    firstReceivedAt: held.firstReceivedAt,
    receiveCount: held.delivery + held.earlierReceives,
    group: message.group,
    deduplicationId: message.deduplicationId,
    sourceArn: held.sourceArn,
  }
}
