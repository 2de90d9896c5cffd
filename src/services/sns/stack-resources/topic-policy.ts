import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { topicNotFound } from '../errors.ts'
import type { SnsDeps } from '../service-deps.ts'

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html */
export function topicPolicyType({ topics: { catalogue } }: SnsDeps): ResourceType {
  async function put(properties: Properties): Promise<void> {
    const document = properties['PolicyDocument']
    const Policy = typeof document === 'string' ? document : JSON.stringify(document)
    for (const arn of topicsOf(properties)) {
      const topic = await catalogue.byArn(arn)
      if (!topic) throw topicNotFound()
      await catalogue.setAttributes(topic, { Policy })
    }
  }

  async function take(arns: readonly string[]): Promise<void> {
    for (const arn of arns) {
      const topic = await catalogue.byArn(arn)
      if (topic) await catalogue.setAttributes(topic, { Policy: '' })
    }
  }

  return {
    name: 'AWS::SNS::TopicPolicy',
    properties: { PolicyDocument: 'json', Topics: true },
    required: ['PolicyDocument', 'Topics'],
    attributes: ['Id'],
    replaceOn: [],
    async create(properties, context) {
      const physicalId = context.physicalName(128)
      await context.started(physicalId)
      await put(properties)
      return { physicalId, attributes: { Id: physicalId } }
    },
    async update({ physicalId, before, after }) {
      const kept = topicsOf(after)
      await put(after)
      await take(topicsOf(before).filter((arn) => !kept.includes(arn)))
      return { physicalId, attributes: { Id: physicalId } }
    },
    remove: ({ properties }) => take(topicsOf(properties)),
  }
}

function topicsOf(properties: Properties): readonly string[] {
  return [properties['Topics'] ?? []].flat().map(String)
}
