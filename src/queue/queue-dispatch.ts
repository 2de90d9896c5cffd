import type { Clock } from '../kernel/clock.ts'
import type { ClaimOrder, ClaimedMessages, StoredMessage } from './domain/message.ts'
import type { MessageStore } from './message-store.ts'
import type { Queue } from './queue.ts'

export interface Reception {
  readonly limit: number
  readonly visibilitySeconds: number
  readonly waitSeconds: number
  readonly attempt?: string
  /** Aborted when the one who asks went away. */
  readonly signal: AbortSignal
}

export interface DispatchDeps {
  readonly store: MessageStore
  readonly clock: Clock
  /** The queue as it is now; undefined when it is gone. */
  queue(): Promise<Queue | undefined>
  deadLetterQueue(queue: Queue): Promise<Queue | undefined>
  /** How many more may be in flight. */
  room(queue: Queue): Promise<number>
  claimed(queue: Queue, messages: readonly StoredMessage[]): void
}

interface Waiter {
  readonly reception: Reception
  readonly answer: PromiseWithResolvers<readonly StoredMessage[]>
  /** Ends its timer and its watch over the signal. */
  readonly over: AbortController
  /** A claim that was for it too found no more: a short poll has its answer. */
  isTried: boolean
}

/** Receivers of one claim. With ten messages each, one statement delivers this many times ten. */
const receiversMax = 64

/**
 * Everyone who waits for messages of one queue. Receivers that come together are served by one claim; those that wait longer
 * are woken by a send, a removal or the clock, never by asking the store again and again.
 */
export class QueueDispatch {
  readonly #deps: DispatchDeps
  #waiters: Waiter[] = []
  #isRunning = false
  #isWoken = false
  #alarm = new AbortController()

  constructor(deps: DispatchDeps) {
    this.#deps = deps
  }

  get isIdle(): boolean {
    return this.#waiters.length === 0 && !this.#isRunning
  }

  receive(reception: Reception): Promise<readonly StoredMessage[]> {
    const waiter: Waiter = {
      reception,
      answer: Promise.withResolvers(),
      over: new AbortController(),
      isTried: false,
    }
    this.#waiters.push(waiter)
    const leave = (): void => this.#answer(waiter, [])
    reception.signal.addEventListener('abort', leave, { signal: waiter.over.signal })
    if (reception.waitSeconds > 0) {
      const { signal } = waiter.over
      void this.#deps.clock.sleep(reception.waitSeconds * 1000, signal).then(leave)
    }
    this.wake()
    return waiter.answer.promise
  }

  /** Something may be received now. */
  wake(): void {
    this.#isWoken = true
    if (this.#waiters.length > 0 && !this.#isRunning) void this.#run()
  }

  /** Answers everyone who waits: the engine ends. */
  close(): void {
    this.#alarm.abort()
    for (const waiter of [...this.#waiters]) this.#answer(waiter, [])
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    this.#alarm.abort()
    try {
      while (this.#isWoken && this.#waiters.length > 0) {
        // Callers of this very turn are served together.
        await Promise.resolve()
        this.#isWoken = false
        await this.#serve()
      }
    } catch (thrown) {
      this.#fail(thrown)
    } finally {
      this.#isRunning = false
    }
    if (this.#isWoken && this.#waiters.length > 0) return this.#run()
    if (this.#waiters.length === 0) return
    try {
      await this.#sleep()
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #fail(thrown: unknown): void {
    for (const waiter of [...this.#waiters]) {
      this.#leave(waiter)
      waiter.answer.reject(thrown)
    }
  }

  /** Claims for those that wait until there is nothing more for them. */
  async #serve(): Promise<void> {
    const queue = await this.#deps.queue()
    if (!queue) return this.close()
    for (const waiter of this.#waiters) waiter.isTried = false
    for (;;) {
      const group = this.#nextGroup(queue)
      if (!group[0]) return
      const room = await this.#deps.room(queue)
      const wanted = group.reduce((sum, { reception }) => sum + reception.limit, 0)
      const limit = Math.min(wanted, room)
      const claimed = limit > 0 ? await this.#claim(queue, group[0], limit) : undefined
      await this.#handOut(group, claimed?.messages ?? [])
      const isShort =
        !claimed || claimed.messages.length + claimed.movedCount < limit || limit < wanted
      if (isShort) this.#settle(group)
    }
  }

  /**
   * Those who want the same as the first one that was not tried yet. In a FIFO queue each has a claim of its own, for one claim may
   * take many messages of one group, and they belong to one receiver.
   */
  #nextGroup({ settings }: Queue): Waiter[] {
    const open = this.#waiters.filter(({ isTried }) => !isTried)
    const first = open[0]
    if (!first || settings.isFifo) return open.slice(0, 1)
    return open
      .filter(({ reception }) => reception.visibilitySeconds === first.reception.visibilitySeconds)
      .slice(0, receiversMax)
  }

  async #claim(queue: Queue, { reception }: Waiter, limit: number): Promise<ClaimedMessages> {
    const { settings, key, arn } = queue
    const now = this.#deps.clock.now()
    const dead = await this.#deps.deadLetterQueue(queue)
    const order: ClaimOrder = {
      queue: key,
      isFifo: settings.isFifo,
      limit,
      now,
      visibleAt: now + reception.visibilitySeconds * 1000,
      keptAfter: now - settings.retentionSeconds * 1000,
      ...(reception.attempt === undefined ? {} : { attempt: reception.attempt }),
      ...(dead && settings.redrive
        ? {
            redrive: {
              queue: dead.key,
              deliveriesMax: settings.redrive.maxReceiveCount,
              sourceArn: arn,
            },
          }
        : {}),
    }
    const claimed = await this.#deps.store.claim(order)
    this.#deps.claimed(queue, claimed.messages)
    return claimed
  }

  /** Each takes as many as it asked for, in the order of their coming; what is left over goes back. */
  async #handOut(group: readonly Waiter[], messages: readonly StoredMessage[]): Promise<void> {
    let next = 0
    for (const waiter of group) {
      if (next >= messages.length) break
      if (!this.#waiters.includes(waiter)) continue
      const share = messages.slice(next, next + waiter.reception.limit)
      next += share.length
      this.#answer(waiter, share)
    }
    const rest = messages.slice(next)
    if (rest.length > 0) await this.#deps.store.release(rest, this.#deps.clock.now())
  }

  #settle(group: readonly Waiter[]): void {
    for (const waiter of group) {
      waiter.isTried = true
      if (waiter.reception.waitSeconds === 0) this.#answer(waiter, [])
    }
  }

  /** Until the next hidden message shows; a wake ends it. */
  async #sleep(): Promise<void> {
    const { store, clock, queue } = this.#deps
    const alarm = new AbortController()
    this.#alarm = alarm
    const found = await queue()
    if (!found) return this.close()
    const now = clock.now()
    const at = await store.nextVisibleAt(found.key, now)
    if (at === undefined || alarm.signal.aborted) return
    await clock.sleep(at - now, alarm.signal)
    if (!alarm.signal.aborted) this.wake()
  }

  #answer(waiter: Waiter, messages: readonly StoredMessage[]): void {
    this.#leave(waiter)
    waiter.answer.resolve(messages)
  }

  #leave(waiter: Waiter): void {
    waiter.over.abort()
    const at = this.#waiters.indexOf(waiter)
    if (at >= 0) this.#waiters.splice(at, 1)
    if (this.#waiters.length === 0) this.#alarm.abort()
  }
}
