import { tagList, tagsByKey, type Tag } from '../../../kernel/tags.ts'
import type {
  Inventory,
  Properties,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { Topic } from '../../../topics/topic.ts'
import { topicNotFound } from '../errors.ts'
import type { SnsDeps } from '../service-deps.ts'

/** Properties that are attributes of the same name. */
const attributeNames = [
  'ContentBasedDeduplication',
  'DisplayName',
  'FifoThroughputScope',
  'FifoTopic',
  'SignatureVersion',
  'TracingConfig',
]

interface Wished {
  readonly Protocol: string
  readonly Endpoint: string
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
export function topicType({ topics }: SnsDeps): ResourceType {
  const { catalogue, subscriptions } = topics

  async function subscribe(topic: Topic, properties: Properties, scope: Scope): Promise<void> {
    const principal = scope.account
    for (const { Protocol: protocol, Endpoint: endpoint } of subscriptionsOf(properties)) {
      const wish = { protocol, endpoint, attributes: {}, principal }
      await subscriptions.subscribe(topic, wish)
    }
  }

  return {
    name: 'AWS::SNS::Topic',
    properties: {
      TopicName: 'string',
      ContentBasedDeduplication: 'boolean',
      DisplayName: 'string',
      FifoThroughputScope: 'string',
      FifoTopic: 'boolean',
      SignatureVersion: 'string',
      Subscription: { Endpoint: 'string', Protocol: 'string' },
      Tags: { Key: 'string', Value: 'string' },
      TracingConfig: 'string',
    },
    required: [],
    attributes: ['TopicArn', 'TopicName'],
    replaceOn: ['TopicName', 'FifoTopic'],
    async create(properties, context) {
      const attributes = attributesOf(properties)
      const isFifo = attributes['FifoTopic'] === 'true'
      const given = properties['TopicName']
      const made = isFifo ? `${context.physicalName(251)}.fifo` : context.physicalName(256)
      const topic = await catalogue.create(context.scope, {
        name: typeof given === 'string' ? given : made,
        attributes,
        tags: tagsOf(properties, context.tags),
        token: context.token,
      })
      await context.started(topic.arn)
      await subscribe(topic, properties, context.scope)
      return stateOf(topic)
    },
    async update({ physicalId, before, after }, context) {
      const topic = await catalogue.byArn(physicalId)
      if (!topic) throw topicNotFound()
      // What a template no longer says is as it was before anyone said it.
      const dropped = Object.keys(attributesOf(before)).map((name) => [name, ''])
      const attributes = { ...Object.fromEntries(dropped), ...attributesOf(after) }
      delete attributes['FifoTopic']
      await catalogue.setAttributes(topic, withoutEmptyFlags(attributes))
      const tags = tagsOf(after, context.tags)
      await catalogue.change(topic, (record) => ({ ...record, tags }))
      await subscribe(topic, after, context.scope)
      const kept = subscriptionsOf(after)
      const left = subscriptionsOf(before).filter((one) => !kept.some((each) => isSame(each, one)))
      for (const each of await subscriptions.ofTopic(topic)) {
        const shown = { Protocol: each.protocol, Endpoint: each.endpoint }
        if (left.some((one) => isSame(one, shown))) await subscriptions.remove(each)
      }
      return stateOf(topic)
    },
    async remove({ physicalId }) {
      const topic = await catalogue.byArn(physicalId)
      if (topic) await catalogue.remove(topic)
    },
    inventory: topicInventory(topics),
  }
}

function topicInventory({ catalogue, subscriptions }: SnsDeps['topics']): Inventory {
  return {
    identifier: 'TopicArn',
    async list(scope) {
      return (await catalogue.list(scope)).map(({ arn }) => arn)
    },
    async describe(physicalId, scope) {
      const topic = await catalogue.byArn(physicalId)
      if (topic?.scope.account !== scope.account || topic.scope.region !== scope.region) {
        return undefined
      }
      const subscribed = await subscriptions.ofTopic(topic)
      const Subscription = subscribed.map(({ protocol, endpoint }) => ({
        ...{ Protocol: protocol, Endpoint: endpoint },
      }))
      return { ...describedTopic(topic), Subscription, ...stateOf(topic).attributes }
    },
  }
}

function describedTopic(topic: Topic): Properties {
  const given = attributeNames.map((name) => [name, topic.attributes[name]])
  const Tags = tagList(topic.tags)
  return { ...Object.fromEntries(given), Tags }
}

/** A flag that is taken back is false. */
function withoutEmptyFlags(attributes: Record<string, string>): Record<string, string> {
  const usual: Readonly<Record<string, string>> = {
    ContentBasedDeduplication: 'false',
    FifoThroughputScope: 'Topic',
    SignatureVersion: '1',
    TracingConfig: 'PassThrough',
  }
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      value === '' ? (usual[name] ?? '') : value,
    ]),
  )
}

function isSame(a: Wished, b: Wished): boolean {
  return a.Protocol === b.Protocol && a.Endpoint === b.Endpoint
}

function stateOf(topic: Topic): ResourceState {
  return { physicalId: topic.arn, attributes: { TopicArn: topic.arn, TopicName: topic.name } }
}

function subscriptionsOf(properties: Properties): readonly Wished[] {
  return (properties['Subscription'] ?? []) as readonly Wished[]
}

function attributesOf(properties: Properties): Record<string, string> {
  const named = attributeNames.flatMap((name) => {
    const value = properties[name]
    if (value === undefined) return []
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    // `false` of these is how a standard topic says that it is one.
    const isPlain = ['FifoTopic', 'ContentBasedDeduplication'].includes(name)
    return isPlain && text === 'false' ? [] : [[name, text]]
  })
  return Object.fromEntries(named) as Record<string, string>
}

function tagsOf(properties: Properties, stackTags: readonly Tag[]): Record<string, string> {
  return tagsByKey([...stackTags, ...((properties['Tags'] ?? []) as readonly Tag[])])
}
