import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { CommitGroup, type GroupBounds } from './commit-group.ts'
import type {
  AppendedMessage,
  NewMessage,
  RemovalOrder,
  RemovalOutcome,
  StoredMessage,
  VisibilityOrder,
  VisibilityOutcome,
} from './domain/message.ts'
import { isIdentifier } from './domain/message-content.ts'
import { deliveryOf } from './domain/receipt.ts'
import { FlightRoom } from './flight-room.ts'
import type { MessageStore } from './message-store.ts'
import { MoveTasks } from './move-tasks.ts'
import { QueueActivity, type QueueMeasurement } from './queue-activity.ts'
import { QueueCatalogue } from './queue-catalogue.ts'
import { QueueDispatch } from './queue-dispatch.ts'
import type { Queue } from './queue.ts'
import {
  invalidParameter,
  invalidValue,
  missingParameter,
  QueueRefusal,
  refusalOr,
} from './refusal.ts'
import { isWithin, newMessage, sizeOf, type Sending } from './sending.ts'
import { sweepReconciler } from './sweep.ts'

export interface Receiving {
  readonly limit?: number | undefined
  readonly visibilitySeconds?: number | undefined
  readonly waitSeconds?: number | undefined
  readonly attempt?: string | undefined
  readonly signal: AbortSignal
}

/** The queues of all accounts and regions. Refusals are thrown as `QueueRefusal`. */
export interface Queues {
  readonly catalogue: QueueCatalogue
  readonly moveTasks: MoveTasks
  readonly messages: MessageStore
  readonly context: EngineContext
  readonly reconcilers: readonly Reconciler[]
  /** Resolves when the message is durable. */
  send(queue: Queue, sending: Sending): Promise<AppendedMessage>
  /** Several at once, each for itself: what is refused keeps the others not back. */
  sendAll(
    queue: Queue,
    sendings: readonly Sending[],
  ): Promise<readonly (AppendedMessage | QueueRefusal)[]>
  /** Waits as long as asked, or as the queue says, until there is at least one message. */
  receive(queue: Queue, receiving: Receiving): Promise<readonly StoredMessage[]>
  remove(queue: Queue, receipt: string): Promise<void>
  /** Several at once; why one was not removed, in their order. */
  removeAll(
    queue: Queue,
    receipts: readonly string[],
  ): Promise<readonly (QueueRefusal | undefined)[]>
  changeVisibility(queue: Queue, receipt: string, seconds: number): Promise<void>
  /** Removes what is in the queue now. Once a minute. */
  purge(queue: Queue): Promise<void>
  /**
   * What CloudWatch's AWS/SQS metrics are made of: the depths are true at this moment, the counts are of the time since the last
   * call, so there is to be one caller.
   */
  queueMeasurements(): Promise<readonly QueueMeasurement[]>
  close(): void
}

const attemptMilliseconds = 5 * 60_000
const hiddenMillisecondsMax = 43_200_000
const purgeMilliseconds = 60_000
/** A purge answers after this many messages, and leaves the others to the sweep. */
const purgedAtOnceMax = 50_000
const purgeStep = 10_000

/**
 * 500 messages or 4 MiB are read and written well within a millisecond's worth of one statement's fixed cost, and 64 take about as long
 * as that cost.
 */
const standardBounds: GroupBounds = {
  itemsMax: 500,
  bytesMax: 4 * 1024 * 1024,
  lanes: 2,
  besideMin: 64,
}
/** One lane keeps the order. */
const fifoBounds: GroupBounds = { ...standardBounds, lanes: 1 }

/** Makes the engine of queues over a message store. */
export function createQueues(context: EngineContext, messages: MessageStore): Queues {
  return new QueueEngine(context, messages)
}

class QueueEngine implements Queues {
  readonly catalogue: QueueCatalogue
  readonly moveTasks: MoveTasks
  readonly messages: MessageStore
  readonly context: EngineContext
  readonly reconcilers: readonly Reconciler[]
  readonly #standardSends: CommitGroup<NewMessage, AppendedMessage>
  readonly #fifoSends: CommitGroup<NewMessage, AppendedMessage>
  readonly #removals: CommitGroup<RemovalOrder, RemovalOutcome>
  readonly #visibilities: CommitGroup<VisibilityOrder, VisibilityOutcome>
  readonly #dispatches = new Map<number, QueueDispatch>()
  readonly #activity = new QueueActivity()
  readonly #room: FlightRoom
  readonly #unwatch: () => void

  constructor(context: EngineContext, messages: MessageStore) {
    const { clock } = context
    this.context = context
    this.messages = messages
    this.catalogue = new QueueCatalogue(context)
    this.moveTasks = new MoveTasks(context, messages, this.catalogue)
    this.reconcilers = [
      sweepReconciler(context, messages, this.catalogue),
      this.moveTasks.reconciler,
    ]
    this.#room = new FlightRoom(messages, clock)
    const append = (items: readonly NewMessage[]): Promise<readonly AppendedMessage[]> =>
      messages.append(items, clock.now())
    this.#standardSends = new CommitGroup(append, standardBounds)
    this.#fifoSends = new CommitGroup(append, fifoBounds)
    this.#removals = new CommitGroup((items) => messages.remove(items, clock.now()), standardBounds)
    this.#visibilities = new CommitGroup(
      (items) => messages.changeVisibility(items, clock.now()),
      fifoBounds,
    )
    this.#unwatch = messages.watch((key) => this.#dispatches.get(key)?.wake())
  }

  async send(queue: Queue, sending: Sending): Promise<AppendedMessage> {
    const message = this.#newMessage(queue, sending)
    const bytes = sizeOf(sending)
    const appended = await this.#sendsOf(queue).add(message, bytes)
    if (!appended.isDuplicate) this.#activity.sent(queue.key, bytes)
    return appended
  }

  async sendAll(
    queue: Queue,
    sendings: readonly Sending[],
  ): Promise<readonly (AppendedMessage | QueueRefusal)[]> {
    const outcomes: (AppendedMessage | QueueRefusal | undefined)[] = []
    const messages: NewMessage[] = []
    const sizes: number[] = []
    for (const sending of sendings) {
      const message = refusalOr(() => this.#newMessage(queue, sending))
      outcomes.push(message instanceof QueueRefusal ? message : undefined)
      if (message instanceof QueueRefusal) continue
      messages.push(message)
      sizes.push(sizeOf(sending))
    }
    if (messages.length === 0) return outcomes as QueueRefusal[]
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    const appended = await this.#sendsOf(queue).addAll(messages, bytes)
    let next = 0
    return outcomes.map((refused) => {
      if (refused) return refused
      const one = appended[next]!
      if (!one.isDuplicate) this.#activity.sent(queue.key, sizes[next]!)
      next++
      return one
    })
  }

  async receive(queue: Queue, receiving: Receiving): Promise<readonly StoredMessage[]> {
    const { limit = 1, attempt, signal } = receiving
    const visibilitySeconds = receiving.visibilitySeconds ?? queue.settings.visibilitySeconds
    const waitSeconds = receiving.waitSeconds ?? queue.settings.waitSeconds
    checkReceiving(queue, { limit, visibilitySeconds, waitSeconds, attempt })
    if (attempt !== undefined) {
      const again = await this.#replay(queue, attempt, visibilitySeconds)
      if (again.length > 0) return again
    }
    const isShortPoll = waitSeconds === 0 && !queue.settings.isFifo
    if (isShortPoll && (await this.#room.of(queue)) === 0) {
      throw new QueueRefusal('OverLimit', 'Too many messages in flight.')
    }
    const reception = { limit, visibilitySeconds, waitSeconds, signal }
    const received = await this.#dispatchOf(queue).receive(
      attempt === undefined ? reception : { ...reception, attempt },
    )
    this.#activity.received(queue.key, received.length)
    return received
  }

  async remove(queue: Queue, receipt: string): Promise<void> {
    const [refused] = await this.removeAll(queue, [receipt])
    if (refused) throw refused
  }

  async removeAll(
    queue: Queue,
    receipts: readonly string[],
  ): Promise<readonly (QueueRefusal | undefined)[]> {
    const mustBeInFlight = queue.settings.isFifo
    const outcomes: (QueueRefusal | undefined)[] = []
    const orders: RemovalOrder[] = []
    const places: number[] = []
    for (const [place, receipt] of receipts.entries()) {
      const delivery = refusalOr(() => this.#deliveryOf(receipt))
      outcomes.push(delivery instanceof QueueRefusal ? delivery : undefined)
      // A handle of another queue removes nothing here, as one of a message that is gone.
      if (delivery instanceof QueueRefusal || delivery.queue !== queue.key) continue
      orders.push({ ...delivery, mustBeInFlight })
      places.push(place)
    }
    const removed = orders.length > 0 ? await this.#removals.addAll(orders) : []
    for (const [n, outcome] of removed.entries()) {
      const place = places[n]!
      if (outcome === 'removed') this.#activity.deleted(queue.key)
      if (outcome !== 'expired') continue
      const reason = 'The receipt handle has expired.'
      outcomes[place] = invalidValue('ReceiptHandle', receipts[place], reason)
    }
    return outcomes
  }

  async changeVisibility(queue: Queue, receipt: string, seconds: number): Promise<void> {
    const delivery = this.#deliveryOf(receipt)
    if (!isWithin(seconds, hiddenMillisecondsMax / 1000)) {
      throw invalidValue('VisibilityTimeout', seconds, 'Must be between 0 and 43200.')
    }
    const visibleAt = this.context.clock.now() + seconds * 1000
    const order = { ...delivery, visibleAt, hiddenMillisecondsMax }
    const outcome =
      delivery.queue === queue.key ? await this.#visibilities.add(order) : ('absent' as const)
    switch (outcome) {
      case 'changed':
        return
      case 'not-in-flight':
        throw new QueueRefusal('MessageNotInflight', `The message is not in flight: ${receipt}`)
      case 'too-long':
        throw invalidValue(
          'VisibilityTimeout',
          seconds,
          'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
        )
      case 'absent':
        throw invalidValue(
          'ReceiptHandle',
          receipt,
          'Message does not exist or is not available for visibility timeout change.',
        )
    }
  }

  async purge(queue: Queue): Promise<void> {
    const now = this.context.clock.now()
    await this.catalogue.change(queue, (record) => {
      if (record.purgedAt !== undefined && now - record.purgedAt < purgeMilliseconds) {
        throw new QueueRefusal(
          'PurgeQueueInProgress',
          `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        )
      }
      return { ...record, purgedAt: now }
    })
    const mark = await this.messages.lastSequence()
    for (let gone = 0; gone < purgedAtOnceMax; gone += purgeStep) {
      if ((await this.messages.purge(queue.key, mark, purgeStep)) < purgeStep) return
    }
    await this.catalogue.change(queue, (record) => ({ ...record, purgeThrough: mark }))
  }

  async queueMeasurements(): Promise<readonly QueueMeasurement[]> {
    return this.#activity.measure(await this.catalogue.all(), this.messages, this.context.clock)
  }

  close(): void {
    this.#unwatch()
    this.catalogue.close()
    for (const dispatch of this.#dispatches.values()) dispatch.close()
    this.#dispatches.clear()
  }

  #newMessage(queue: Queue, sending: Sending): NewMessage {
    const { random, clock } = this.context
    return newMessage(queue, sending, { random, now: clock.now() })
  }

  #sendsOf({ settings }: Queue): CommitGroup<NewMessage, AppendedMessage> {
    return settings.isFifo ? this.#fifoSends : this.#standardSends
  }

  #replay(
    queue: Queue,
    attempt: string,
    visibilitySeconds: number,
  ): Promise<readonly StoredMessage[]> {
    const now = this.context.clock.now()
    return this.messages.replay({
      queue: queue.key,
      attempt,
      attemptedAfter: now - attemptMilliseconds,
      now,
      visibleAt: now + visibilitySeconds * 1000,
    })
  }

  #deliveryOf(receipt: string): NonNullable<ReturnType<typeof deliveryOf>> {
    if (receipt === '') throw missingParameter('ReceiptHandle')
    const delivery = deliveryOf(receipt)
    if (delivery) return delivery
    throw new QueueRefusal(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receipt.slice(0, 1024)}" is not a valid receipt handle.`,
    )
  }

  #dispatchOf(queue: Queue): QueueDispatch {
    const known = this.#dispatches.get(queue.key)
    if (known) return known
    if (this.#dispatches.size >= dispatchesMax) this.#forgetIdle()
    const { scope, name, key } = queue
    const current = async (): Promise<Queue | undefined> => {
      const found = await this.catalogue.find(scope, name)
      return found?.key === key ? found : undefined
    }
    const dispatch = new QueueDispatch({
      store: this.messages,
      clock: this.context.clock,
      queue: current,
      deadLetterQueue: async ({ settings }) =>
        settings.redrive && this.catalogue.byArn(settings.redrive.deadLetterTargetArn),
      room: (of) => this.#room.of(of),
      claimed: (of, claimed) => this.#room.taken(of, claimed.length),
    })
    this.#dispatches.set(key, dispatch)
    return dispatch
  }

  #forgetIdle(): void {
    for (const [key, dispatch] of this.#dispatches) {
      if (dispatch.isIdle) this.#dispatches.delete(key)
    }
  }
}

/** From so many queues on, those that nobody waits for are forgotten. */
const dispatchesMax = 1_000

function checkReceiving(
  queue: Queue,
  given: {
    limit: number
    visibilitySeconds: number
    waitSeconds: number
    attempt: string | undefined
  },
): void {
  const { limit, visibilitySeconds, waitSeconds, attempt } = given
  if (!isWithin(limit, 10, 1)) {
    throw invalidValue('MaxNumberOfMessages', limit, 'Must be between 1 and 10, if provided.')
  }
  if (!isWithin(visibilitySeconds, hiddenMillisecondsMax / 1000)) {
    throw invalidValue(
      'VisibilityTimeout',
      visibilitySeconds,
      'Must be between 0 and 43200, if provided.',
    )
  }
  if (!isWithin(waitSeconds, 20)) {
    throw invalidValue('WaitTimeSeconds', waitSeconds, 'Must be >= 0 and <= 20, if provided.')
  }
  if (attempt === undefined) return
  if (!queue.settings.isFifo) {
    throw invalidParameter(
      'The request includes a parameter that is not valid for this queue type: ReceiveRequestAttemptId',
    )
  }
  if (!isIdentifier(attempt)) {
    throw invalidValue('ReceiveRequestAttemptId', attempt, 'It is not an identifier.')
  }
}
