import { createHash } from 'node:crypto'
import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { kindOf, RecordExists, StaleRevision, type Records } from '../store/records.ts'
import { passesFilter } from './domain/filter-policy.ts'
import { bodyFor, type MessageAttributes, type Publication } from './domain/message.ts'
import { newPublicationId, publications } from './publication.ts'
import type { SubscriptionCatalogue } from './subscription-catalogue.ts'
import type { Subscription } from './subscription.ts'
import { topicSequences, type Topic } from './topic.ts'

/** What is to be told, checked by who asks. */
export interface Telling {
  /** By protocol; `default` for those that are not named. */
  readonly bodies: Readonly<Record<string, string>>
  readonly subject?: string | undefined
  readonly attributes: MessageAttributes
  readonly group?: string | undefined
  /** Given, or made of the content; of FIFO topics only. */
  readonly deduplicationId?: string | undefined
}

export interface Published {
  readonly messageId: string
  readonly sequenceNumber?: string
}

interface Remembered extends Published {
  readonly until: number
}

/** AWS: a second message with the same deduplication id is the same one for this long. */
const deduplicationMilliseconds = 5 * 60_000

/** Id: the topic's name and the digest of what is not to come twice. */
export const deduplications = kindOf<Remembered>('topics/deduplication')

/** Sequence numbers are 20 digits, as of FIFO queues. */
const sequenceBase = 10_000_000_000_000_000_000n

/** Lost races in a row that mean a bug, not contention. */
const attemptsMax = 50

/** Writes into the outbox what is to be told, and to whom: those who are subscribed, confirmed and want it at this moment. */
export class Publisher {
  readonly #context: EngineContext
  readonly #subscriptions: SubscriptionCatalogue
  /** Publications to one FIFO topic wait for each other, for each takes its next number. */
  readonly #turns = new Map<string, Promise<unknown>>()

  constructor(context: EngineContext, subscriptions: SubscriptionCatalogue) {
    this.#context = context
    this.#subscriptions = subscriptions
  }

  /** Resolves when the message is durable. */
  async publish(topic: Topic, telling: Telling): Promise<Published> {
    const { store, clock, random } = this.#context
    const subscriptions = await this.#subscriptions.ofTopic(topic)
    const at = clock.now()
    const publication = publicationOf(topic, telling, {
      at,
      messageId: uuid(random),
      takers: subscriptions.filter((one) => wants(one, telling)),
    })
    if (topic.isFifo) return this.#inTurn(topic, publication)
    if (publication.pending.length > 0) {
      const id = newPublicationId(random, at)
      await store.insert(publications, { scope: topic.scope, id }, publication)
    }
    return { messageId: publication.messageId }
  }

  async #inTurn(topic: Topic, publication: Publication): Promise<Published> {
    const before = this.#turns.get(topic.arn) ?? Promise.resolve()
    const turn = before.then(
      () => this.#publishInOrder(topic, publication),
      () => this.#publishInOrder(topic, publication),
    )
    this.#turns.set(topic.arn, turn)
    try {
      return await turn
    } finally {
      if (this.#turns.get(topic.arn) === turn) this.#turns.delete(topic.arn)
    }
  }

  async #publishInOrder(topic: Topic, publication: Publication): Promise<Published> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#context.store.transaction((records) =>
          insertInOrder(records, topic, publication),
        )
      } catch (thrown) {
        const isRace = thrown instanceof StaleRevision || thrown instanceof RecordExists
        if (!isRace || attempt >= attemptsMax) throw thrown
      }
    }
  }
}

async function insertInOrder(
  records: Records,
  topic: Topic,
  publication: Publication,
): Promise<Published> {
  const { scope, name, attributes } = topic
  const { at, messageId, deduplicationId = '', group = '' } = publication
  const isPerGroup = attributes['FifoThroughputScope'] === 'MessageGroup'
  const once = digestOf(isPerGroup ? `${group} ${deduplicationId}` : deduplicationId)
  const placeOfOnce = { scope, id: `${name}/${once}` }
  const known = await records.find(deduplications, scope, placeOfOnce.id)
  if (known && known.value.until > at) return answerOf(known.value)
  const counter = await records.find(topicSequences, scope, name)
  const last = (counter?.value.last ?? 0) + 1
  if (counter) await records.update(counter, { last })
  else await records.insert(topicSequences, { scope, id: name }, { last })
  const sequenceNumber = String(sequenceBase + BigInt(last))
  const remembered = { messageId, sequenceNumber, until: at + deduplicationMilliseconds }
  if (known) await records.update(known, remembered)
  else await records.insert(deduplications, placeOfOnce, remembered)
  if (publication.pending.length > 0) {
    const id = `f/${name}/${digestOf(group)}/${sequenceNumber}`
    await records.insert(publications, { scope, id }, { ...publication, sequenceNumber })
  }
  return answerOf(remembered)
}

function answerOf({ messageId, sequenceNumber }: Remembered): Published {
  return sequenceNumber === undefined ? { messageId } : { messageId, sequenceNumber }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40)
}

function wants(subscription: Subscription, telling: Telling): boolean {
  if (!subscription.isConfirmed) return false
  const body = bodyFor(telling, subscription.protocol)
  const message = { body, attributes: telling.attributes }
  return passesFilter(subscription.filter, subscription.filterScope, message)
}

function publicationOf(
  topic: { readonly arn: string; readonly scope: Scope },
  { bodies, subject, attributes, group, deduplicationId }: Telling,
  made: {
    readonly at: number
    readonly messageId: string
    readonly takers: readonly Subscription[]
  },
): Publication {
  const { at, messageId, takers } = made
  return {
    type: 'Notification',
    topicArn: topic.arn,
    messageId,
    at,
    bodies,
    ...(subject === undefined ? {} : { subject }),
    attributes,
    ...(group === undefined ? {} : { group }),
    ...(deduplicationId === undefined ? {} : { deduplicationId }),
    pending: takers.map(({ id }) => ({ subscriptionId: id, attempts: 0, dueAt: at })),
  }
}
