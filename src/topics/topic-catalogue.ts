import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify, RecordExists } from '../store/records.ts'
import { mergedAttributes, topicFault } from './domain/topic-settings.ts'
import { invalidParameter, topicNotFound } from './refusal.ts'
import { subscriptionRecords } from './subscription.ts'
import {
  isFifoName,
  openTopicArn,
  topicOf,
  topicRecords,
  topicSequences,
  type Topic,
  type TopicRecord,
} from './topic.ts'

export interface TopicWish {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly token?: string
}

/** Topics by name. */
export class TopicCatalogue {
  readonly #context: EngineContext

  constructor(context: EngineContext) {
    this.#context = context
  }

  async find(scope: Scope, name: string): Promise<Topic | undefined> {
    const record = await this.#context.store.find(topicRecords, scope, name)
    return record && topicOf(scope, record.value)
  }

  async byArn(arn: string): Promise<Topic | undefined> {
    const place = openTopicArn(arn)
    return place && this.find(place.scope, place.name)
  }

  async list(scope: Scope): Promise<readonly Topic[]> {
    const records = await this.#context.store.list(topicRecords, scope)
    return records.map(({ value }) => topicOf(scope, value))
  }

  /** The topic of that name, when it has each attribute and tag that is wished for; else it is made. */
  async create(scope: Scope, wish: TopicWish): Promise<Topic> {
    const { name, attributes, tags, token } = wish
    const isFifo = isFifoName(name)
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(isFifo ? name.slice(0, -5) : name) || name.length > 256) {
      throw invalidParameter('Topic Name')
    }
    if (isFifo && attributes['FifoTopic'] !== 'true') throw invalidParameter('Topic Name')
    refuseFault(attributes, { isFifo, isNew: true })
    const kept = mergedAttributes({}, attributes)
    const record: TopicRecord = {
      name,
      createdAt: this.#context.clock.now(),
      attributes: kept,
      tags,
      removedCount: 0,
      ...(token === undefined ? {} : { token }),
    }
    try {
      await this.#context.store.insert(topicRecords, { scope, id: name }, record)
      return topicOf(scope, record)
    } catch (thrown) {
      if (!(thrown instanceof RecordExists)) throw thrown
    }
    const existing = await this.find(scope, name)
    return existing ? asWished(existing, { ...wish, attributes: kept }) : this.create(scope, wish)
  }

  async setAttributes(topic: Topic, given: Readonly<Record<string, string>>): Promise<void> {
    refuseFault(given, { isFifo: topic.isFifo, isNew: false })
    await this.change(topic, (record) => ({
      ...record,
      attributes: mergedAttributes(record.attributes, given),
    }))
  }

  /** Throws `NotFoundException` when it went meanwhile. */
  async change(
    { scope, name }: Topic,
    change: (record: TopicRecord) => TopicRecord,
  ): Promise<void> {
    const at = { kind: topicRecords, scope, id: name }
    if (!(await modify(this.#context.store, at, change))) throw topicNotFound()
  }

  /** With its subscriptions. What it has still to tell is told to nobody. */
  async remove({ scope, name }: { readonly scope: Scope; readonly name: string }): Promise<void> {
    await this.#context.store.transaction(async (records) => {
      const topic = await records.find(topicRecords, scope, name)
      if (topic) await records.remove(topic)
      const sequence = await records.find(topicSequences, scope, name)
      if (sequence) await records.remove(sequence)
      for (const record of await records.list(subscriptionRecords, scope, { owner: name })) {
        await records.remove(record)
      }
    })
  }
}

function refuseFault(
  attributes: Readonly<Record<string, string>>,
  of: { readonly isFifo: boolean; readonly isNew: boolean },
): void {
  const fault = topicFault(attributes, of)
  if (fault) throw invalidParameter(`Attributes Reason: ${fault.name}: ${fault.reason}`)
}

function asWished(existing: Topic, { attributes, tags, token }: TopicWish): Topic {
  if (token !== undefined && existing.token === token) return existing
  const isOther = Object.entries(attributes).some(
    ([name, value]) => (existing.attributes[name] ?? usualValues[name]) !== value,
  )
  if (isOther || token !== undefined) {
    throw invalidParameter('Attributes Reason: Topic already exists with different attributes')
  }
  if (Object.entries(tags).some(([key, value]) => existing.tags[key] !== value)) {
    throw invalidParameter('Tags Reason: Topic already exists with different tags')
  }
  return existing
}

const usualValues: Readonly<Record<string, string>> = {
  ContentBasedDeduplication: 'false',
  FifoTopic: 'false',
  SignatureVersion: '1',
  TracingConfig: 'PassThrough',
}
