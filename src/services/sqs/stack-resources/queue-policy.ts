import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { SqsDeps } from '../service-deps.ts'
import { nameOf } from './queue.ts'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html */
export function queuePolicyType({ queues }: SqsDeps): ResourceType {
  const { catalogue } = queues

  async function put(scope: Scope, properties: Properties): Promise<void> {
    const { PolicyDocument: Policy = '' } = properties as { PolicyDocument?: string }
    for (const url of queuesOf(properties)) {
      const queue = await catalogue.require(scope, nameOf(url))
      await catalogue.setAttributes(queue, { Policy })
    }
  }

  async function take(scope: Scope, urls: readonly string[]): Promise<void> {
    for (const url of urls) {
      const queue = await catalogue.find(scope, nameOf(url))
      if (queue) await catalogue.setAttributes(queue, { Policy: '' })
    }
  }

  return {
    name: 'AWS::SQS::QueuePolicy',
    properties: { PolicyDocument: 'json', Queues: true },
    required: ['PolicyDocument', 'Queues'],
    attributes: ['Id'],
    replaceOn: [],
    async create(properties, context) {
      const physicalId = context.physicalName(128)
      await context.started(physicalId)
      await put(context.scope, properties)
      return { physicalId, attributes: { Id: physicalId } }
    },
    async update({ physicalId, before, after }, { scope }) {
      const kept = queuesOf(after)
      await put(scope, after)
      await take(
        scope,
        queuesOf(before).filter((url) => !kept.includes(url)),
      )
      return { physicalId, attributes: { Id: physicalId } }
    },
    remove: ({ properties }, { scope }) => take(scope, queuesOf(properties)),
  }
}

function queuesOf(properties: Properties): readonly string[] {
  return [properties['Queues'] ?? []].flat().map(String)
}
