import { reasonOf } from '../kernel/errors.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { keyOf, openKey, type Outcome, type Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision, type StoredRecord } from '../store/records.ts'
import { deliver, policyOf, toDeadLetters, type Delivery } from './deliver.ts'
import type { Delivered, DeliveryPorts } from './delivery-ports.ts'
import { retryDelay, type RetryPolicy } from './domain/delivery-policy.ts'
import type { PendingDelivery, Publication } from './domain/message.ts'
import type { MessageSigner } from './message-signer.ts'
import { laneOf, publications } from './publication.ts'
import { subscriptionOf, subscriptionRecords } from './subscription.ts'
import { openTopicArn, topicOf, topicRecords } from './topic.ts'

export interface FanOutWorld {
  readonly context: EngineContext
  readonly ports: DeliveryPorts
  readonly signer: MessageSigner
  /** `http://127.0.0.1:4566`. */
  readonly endpoint: string
}

/** A queue or relay of our own that fails is tried for as long as AWS does: 23 days. */
const ownRetries: RetryPolicy = {
  numRetries: 100_015,
  numNoDelayRetries: 3,
  numMinDelayRetries: 2,
  minDelayTarget: 1,
  maxDelayTarget: 20,
  numMaxDelayRetries: 100_000,
  backoffFunction: 'exponential',
}

/**
 * Empties the outbox. A reconciler: a delivery that was made and not yet crossed off is made again, so every subscriber hears at least once.
 * Messages of one FIFO group go one after the other, and one that has still to reach somebody holds the others back.
 */
export function fanOutReconciler(world: FanOutWorld): Reconciler {
  const { store } = world.context
  return {
    name: 'topics/fan-out',
    periodMilliseconds: 30_000,
    concurrencyMax: 32,
    wakes: [{ kind: publications, keysOf: (change) => [keyOf(change.scope, laneOf(change.id))] }],
    async keys() {
      const all = await store.listAll(publications)
      return [...new Set(all.map(({ scope, id }) => keyOf(scope, laneOf(id))))]
    },
    async reconcile(key, signal) {
      const { scope, id: lane } = openKey(key)
      for (const record of await publicationsIn(world, scope, lane)) {
        const outcome = await tell(world, record, signal)
        if (outcome) return outcome
      }
      return undefined
    },
  }
}

/** Of a group at once: more come with the wake that the last one's removal is. */
const groupStepMax = 100

async function publicationsIn(
  { context: { store } }: FanOutWorld,
  scope: Scope,
  lane: string,
): Promise<readonly StoredRecord<Publication>[]> {
  if (lane.startsWith('f/')) {
    const filter = { idPrefix: `${lane}/`, itemsMax: groupStepMax }
    return store.list(publications, scope, filter)
  }
  const record = await store.find(publications, scope, lane)
  return record ? [record] : []
}

/** Undefined when nothing of it is left to be told. */
async function tell(
  world: FanOutWorld,
  record: StoredRecord<Publication>,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const { store, clock } = world.context
  const publication = record.value
  const now = clock.now()
  const after = await Promise.all(
    publication.pending.map(async (pending) =>
      pending.dueAt > now ? pending : tried(world, record, { pending, signal }),
    ),
  )
  if (signal.aborted) return undefined
  const pending = after.filter((one) => one !== undefined)
  try {
    if (pending.length === 0) await store.remove(record)
    else if (pending.some((one, n) => one !== publication.pending[n])) {
      await store.update(record, { ...publication, pending })
    }
  } catch (thrown) {
    if (!(thrown instanceof StaleRevision)) throw thrown
  }
  if (pending.length === 0) return undefined
  const dueAt = Math.min(...pending.map((one) => one.dueAt))
  return { againAfterMilliseconds: Math.max(1, dueAt - clock.now()) }
}

/** What is left to do for a subscriber after one try; undefined: nothing. */
async function tried(
  world: FanOutWorld,
  { scope, value: publication }: StoredRecord<Publication>,
  { pending, signal }: { readonly pending: PendingDelivery; readonly signal: AbortSignal },
): Promise<PendingDelivery | undefined> {
  const { context, ports, signer, endpoint } = world
  const { store, clock } = context
  const { name = '' } = openTopicArn(publication.topicArn) ?? {}
  const [topic, subscription] = await Promise.all([
    store.find(topicRecords, scope, name),
    store.find(subscriptionRecords, scope, pending.subscriptionId),
  ])
  if (!topic || !subscription) return undefined
  const delivery: Delivery = {
    topic: topicOf(scope, topic.value),
    subscription: subscriptionOf(scope, subscription.value),
    publication,
    signer: await signer.open(),
    endpoint,
  }
  const outcome = await caught(deliver(ports, delivery, signal))
  // A try that this server's end cut short was none.
  if (signal.aborted && outcome.kind !== 'delivered') return pending
  if (outcome.kind === 'delivered') return undefined
  const attempts = pending.attempts + 1
  const { protocol } = delivery.subscription
  const retries = protocol.startsWith('http') ? policyOf(delivery).retry : ownRetries
  const delay = outcome.kind === 'failed' ? retryDelay(retries, attempts) : undefined
  if (delay !== undefined) {
    return { ...pending, attempts, dueAt: clock.now() + delay }
  }
  return givenUp(world, delivery, { ...pending, attempts, reason: outcome.reason })
}

/** A dead letter, where the subscription has a place for them and it is a message; else it is gone, and the log says so. */
async function givenUp(
  { context, ports }: FanOutWorld,
  delivery: Delivery,
  { reason, ...pending }: PendingDelivery & { readonly reason: string },
): Promise<PendingDelivery | undefined> {
  const { subscription, publication } = delivery
  const isLetter = publication.type === 'Notification' && subscription.deadLetterArn !== undefined
  const outcome = isLetter
    ? await caught(toDeadLetters(ports, delivery, reason))
    : ({ kind: 'refused', reason } as const)
  if (outcome.kind === 'delivered') return undefined
  const delay = outcome.kind === 'failed' ? retryDelay(ownRetries, pending.attempts) : undefined
  if (delay !== undefined) return { ...pending, dueAt: context.clock.now() + delay }
  context.log.write('warn', 'a message of a topic did not reach its subscriber', {
    subscriptionArn: subscription.arn,
    messageId: publication.messageId,
    reason: outcome.reason,
  })
  return undefined
}

async function caught(work: Promise<Delivered>): Promise<Delivered> {
  try {
    return await work
  } catch (thrown) {
    return { kind: 'failed', reason: reasonOf(thrown) }
  }
}
