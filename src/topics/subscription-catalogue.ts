import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { modify } from '../store/records.ts'
import type { DeliveryPorts } from './delivery-ports.ts'
import { subscriptionFault } from './domain/subscription-settings.ts'
import { mergedAttributes } from './domain/topic-settings.ts'
import { insertConfirmation } from './publication.ts'
import { invalidParameter, subscriptionNotFound } from './refusal.ts'
import {
  openSubscriptionArn,
  subscriptionOf,
  subscriptionRecords,
  type Protocol,
  type Subscription,
  type SubscriptionRecord,
} from './subscription.ts'
import { topicRecords, type Topic } from './topic.ts'

export interface SubscriptionWish {
  readonly protocol: string
  readonly endpoint: string
  readonly attributes: Readonly<Record<string, string>>
  readonly principal: string
}

const tokenBytes = 64

/** Subscriptions of all topics. */
export class SubscriptionCatalogue {
  readonly #context: EngineContext
  readonly #ports: DeliveryPorts

  constructor(context: EngineContext, ports: DeliveryPorts) {
    this.#context = context
    this.#ports = ports
  }

  async byArn(arn: string): Promise<Subscription | undefined> {
    const place = openSubscriptionArn(arn)
    if (!place) return undefined
    const record = await this.#context.store.find(subscriptionRecords, place.scope, place.id)
    if (record?.value.topicName !== place.topicName) return undefined
    return subscriptionOf(place.scope, record.value)
  }

  async ofTopic({ scope, name }: Pick<Topic, 'scope' | 'name'>): Promise<readonly Subscription[]> {
    const records = await this.#context.store.list(subscriptionRecords, scope, { owner: name })
    return records.map(({ value }) => subscriptionOf(scope, value))
  }

  async list(scope: Scope): Promise<readonly Subscription[]> {
    const records = await this.#context.store.list(subscriptionRecords, scope)
    return records.map(({ value }) => subscriptionOf(scope, value))
  }

  /** A second wish for the same endpoint gives the same subscription, and asks anew for what is not confirmed. */
  async subscribe(topic: Topic, wish: SubscriptionWish): Promise<Subscription> {
    const protocol = this.#checkedProtocol(topic, wish)
    const attributes = mergedAttributes({}, wish.attributes)
    await this.#check(topic, protocol, attributes)
    const { scope, name } = topic
    const [id, token] = [uuid(this.#context.random), this.#context.random.hex(tokenBytes)]
    const now = this.#context.clock.now()
    return this.#context.store.transaction(async (records) => {
      const all = await records.list(subscriptionRecords, scope, { owner: name })
      const same = all.find(
        ({ value }) => value.protocol === protocol && value.endpoint === wish.endpoint,
      )
      if (same && !hasAll(same.value.attributes, attributes)) {
        throw invalidParameter(
          'Attributes Reason: Subscription already exists with different attributes',
        )
      }
      const record: SubscriptionRecord = same?.value ?? {
        id,
        topicName: name,
        protocol,
        endpoint: wish.endpoint,
        createdAt: now,
        attributes,
        isConfirmed: protocol === 'sqs',
        needsKeyToLeave: protocol === 'sqs',
        token,
        principal: wish.principal,
      }
      const at = { scope, id: record.id, owner: name }
      if (!same) await records.insert(subscriptionRecords, at, record)
      if (!record.isConfirmed) {
        await insertConfirmation(this.#context, records, { topic, subscription: record })
      }
      return subscriptionOf(scope, record)
    })
  }

  /** The subscription that the token confirms. */
  async confirm(
    topic: Topic,
    token: string,
    { needsKeyToLeave }: { readonly needsKeyToLeave: boolean },
  ): Promise<Subscription> {
    const all = await this.ofTopic(topic)
    const found = all.find((each) => each.token === token)
    if (!found) throw invalidParameter('Token')
    return this.change(found, (record) => ({
      ...record,
      isConfirmed: true,
      needsKeyToLeave: record.needsKeyToLeave || needsKeyToLeave,
    }))
  }

  /** Empty text takes an attribute back. */
  async setAttribute(subscription: Subscription, name: string, value: string): Promise<void> {
    const { scope, topicName, protocol } = subscription
    const isEmpty = value === '' || (name === 'FilterPolicy' && /^\s*\{\s*\}\s*$/.test(value))
    const given = { [name]: isEmpty ? '' : value }
    // Refused by its name also when it is to be taken back.
    await this.#check({ scope, name: topicName }, protocol, isEmpty ? {} : given, subscription)
    await this.change(subscription, (record) => ({
      ...record,
      attributes: mergedAttributes(record.attributes, given),
    }))
  }

  /** Throws `NotFoundException` when it went meanwhile. */
  async change(
    { scope, id }: Pick<Subscription, 'scope' | 'id'>,
    change: (record: SubscriptionRecord) => SubscriptionRecord,
  ): Promise<Subscription> {
    const record = await modify(
      this.#context.store,
      { kind: subscriptionRecords, scope, id },
      change,
    )
    if (!record) throw subscriptionNotFound()
    return subscriptionOf(scope, record.value)
  }

  async remove({ scope, id, topicName }: Subscription): Promise<void> {
    await this.#context.store.transaction(async (records) => {
      const record = await records.find(subscriptionRecords, scope, id)
      if (!record) return
      await records.remove(record)
      const topic = await records.find(topicRecords, scope, topicName)
      if (!topic) return
      const removedCount = topic.value.removedCount + 1
      await records.update(topic, { ...topic.value, removedCount })
    })
  }

  #checkedProtocol(topic: Topic, wish: SubscriptionWish): Protocol {
    const { protocol, endpoint } = wish
    switch (protocol) {
      case 'sqs': {
        if (!/^arn:[^:]+:sqs:[^:]+:\d{12}:.+$/.test(endpoint)) {
          throw invalidParameter('SQS endpoint ARN')
        }
        if (!topic.isFifo && endpoint.endsWith('.fifo')) {
          throw invalidParameter(
            'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
          )
        }
        // As on AWS the queue need not be there yet: what cannot be delivered is a dead letter.
        return protocol
      }
      case 'http':
      case 'https':
        if (topic.isFifo) throw invalidParameter('Protocol Reason: FIFO topics deliver to sqs only')
        if (!isWebAddress(protocol, endpoint)) {
          throw invalidParameter('Endpoint must match the specified protocol')
        }
        return protocol
      case 'email':
      case 'email-json':
        if (topic.isFifo) throw invalidParameter('Protocol Reason: FIFO topics deliver to sqs only')
        if (!this.#ports.mail) {
          throw invalidParameter(
            `Protocol Reason: ${protocol} needs a mail relay, and none is configured`,
          )
        }
        if (!/^[^\s@<>]+@[^\s@<>]+$/.test(endpoint)) throw invalidParameter('Email address')
        return protocol
      default:
        throw invalidParameter(`Protocol Reason: ${protocol} is not supported here`)
    }
  }

  async #check(
    topic: Pick<Topic, 'scope' | 'name'>,
    protocol: Protocol,
    given: Readonly<Record<string, string>>,
    current?: Subscription,
  ): Promise<void> {
    const attributes = mergedAttributes(current?.attributes ?? {}, given)
    const fault = subscriptionFault(attributes, { protocol })
    if (fault) {
      const isRaw = fault.name === 'RawMessageDelivery'
      throw invalidParameter(
        isRaw ? `Attributes Reason: ${fault.reason}` : `${fault.name}: ${fault.reason}`,
      )
    }
    const redrive = given['RedrivePolicy']
    if (redrive === undefined) return
    const { deadLetterTargetArn: target = '' } = JSON.parse(redrive) as Record<string, string>
    const queue = await this.#ports.queues.find(target)
    if (!queue) throw invalidParameter('RedrivePolicy: deadLetterTargetArn: there is no such queue')
    if (queue.isFifo !== topic.name.endsWith('.fifo')) {
      throw invalidParameter('RedrivePolicy: must use a queue of the same type as the topic')
    }
  }
}

function hasAll(
  attributes: Readonly<Record<string, string>>,
  wished: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wished).every(([name, value]) => attributes[name] === value)
}

function isWebAddress(protocol: string, endpoint: string): boolean {
  return URL.canParse(endpoint) && new URL(endpoint).protocol === `${protocol}:`
}
