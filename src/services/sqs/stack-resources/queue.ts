import { tagList, tagsByKey, tagsBeside, type Tag } from '../../../kernel/tags.ts'
import { fifoDefaults, usualValue } from '../../../queue/domain/queue-settings.ts'
import type { Queue } from '../../../queue/queue.ts'
import type {
  Inventory,
  Properties,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import { urlOf } from '../queue-address.ts'
import type { SqsDeps } from '../service-deps.ts'

/** Properties that are attributes of the same name. */
const attributeNames = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
]

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
export function queueType({ queues, endpointHost }: SqsDeps): ResourceType {
  const { catalogue } = queues

  function stateOf(queue: Queue): ResourceState {
    const url = urlOf(endpointHost, queue)
    return {
      physicalId: url,
      attributes: { Arn: queue.arn, QueueName: queue.name, QueueUrl: url },
    }
  }

  return {
    name: 'AWS::SQS::Queue',
    properties: {
      QueueName: 'string',
      ContentBasedDeduplication: 'boolean',
      DeduplicationScope: 'string',
      DelaySeconds: 'number',
      FifoQueue: 'boolean',
      FifoThroughputLimit: 'string',
      MaximumMessageSize: 'number',
      MessageRetentionPeriod: 'number',
      ReceiveMessageWaitTimeSeconds: 'number',
      RedriveAllowPolicy: 'json',
      RedrivePolicy: 'json',
      SqsManagedSseEnabled: 'boolean',
      VisibilityTimeout: 'number',
      Tags: { Key: 'string', Value: 'string' },
    },
    required: [],
    attributes: ['Arn', 'QueueName', 'QueueUrl'],
    replaceOn: ['QueueName', 'FifoQueue'],
    async create(properties, context) {
      const isFifo = attributesOf(properties)['FifoQueue'] === 'true'
      const given = properties['QueueName']
      const made = isFifo ? `${context.physicalName(75)}.fifo` : context.physicalName(80)
      const queue = await catalogue.create(context.scope, {
        name: typeof given === 'string' ? given : made,
        attributes: attributesOf(properties),
        tags: tagsOf(properties, context.tags),
        token: context.token,
      })
      await context.started(urlOf(endpointHost, queue))
      return stateOf(queue)
    },
    async update({ physicalId, before, after }, context) {
      const queue = await catalogue.require(context.scope, nameOf(physicalId))
      // What a template no longer says is as it was before anyone said it.
      const dropped = Object.keys(attributesOf(before)).map((name) => [name, ''])
      const attributes = { ...Object.fromEntries(dropped), ...attributesOf(after) }
      delete attributes['FifoQueue']
      await catalogue.setAttributes(queue, attributes)
      const tags = tagsOf(after, context.tags)
      await catalogue.change(queue, (record) => ({ ...record, tags }))
      return stateOf(queue)
    },
    async read({ physicalId, properties }, context) {
      const queue = await catalogue.find(context.scope, nameOf(physicalId))
      return queue && readQueue(queue, properties, context.tags)
    },
    async remove({ physicalId }, { scope }) {
      const queue = await catalogue.find(scope, nameOf(physicalId))
      if (queue) await catalogue.remove(queue)
    },
    inventory: queueInventory(catalogue, stateOf),
  }
}

function queueInventory(
  catalogue: SqsDeps['queues']['catalogue'],
  stateOf: (queue: Queue) => ResourceState,
): Inventory {
  return {
    identifier: 'QueueUrl',
    async list(scope) {
      return (await catalogue.list(scope)).map((queue) => stateOf(queue).physicalId)
    },
    async describe(physicalId, scope) {
      const queue = await catalogue.find(scope, nameOf(physicalId))
      return queue && { ...describedQueue(queue), ...stateOf(queue).attributes }
    },
  }
}

/** What nobody gave is what it usually is. */
function valueOf({ attributes, settings }: Queue, name: string): string | undefined {
  const ofFifo = settings.isFifo ? fifoDefaults[name] : undefined
  return attributes[name] ?? usualValue(name) ?? ofFifo
}

function describedQueue(queue: Queue): Properties {
  const given = attributeNames.map((name) => [name, valueOf(queue, name)])
  const Tags = tagList(queue.tags)
  return { ...Object.fromEntries(given), Tags }
}

function readQueue(
  queue: Queue,
  properties: Properties,
  stackTags: readonly { readonly Key: string; readonly Value: string }[],
): Properties {
  const names = Object.keys(attributesOf(properties))
  const tags = tagList(queue.tags)
  return {
    QueueName: queue.name,
    ...Object.fromEntries(names.map((name) => [name, valueOf(queue, name)])),
    Tags: tagsBeside(tags, stackTags),
  }
}

export function nameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1)
}

function attributesOf(properties: Properties): Record<string, string> {
  const named = attributeNames.flatMap((name) => {
    const value = properties[name]
    if (value === undefined) return []
    // `false` of these is how a standard queue says that it is one.
    const isPlain = ['FifoQueue', 'ContentBasedDeduplication'].includes(name)
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return isPlain && text === 'false' ? [] : [[name, text]]
  })
  return Object.fromEntries(named) as Record<string, string>
}

function tagsOf(properties: Properties, stackTags: readonly Tag[]): Record<string, string> {
  return tagsByKey([...stackTags, ...((properties['Tags'] ?? []) as readonly Tag[])])
}
