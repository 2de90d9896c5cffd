import type { Operation } from '../../../wire/service.ts'
import { topicAt } from '../find.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const setTopicAttributes: Operation<SnsOperations, 'SetTopicAttributes', SnsDeps> = {
  accepts: { TopicArn: true, AttributeName: true, AttributeValue: true },
  async handle(input, request, deps) {
    const topic = await topicAt(deps, request, input.TopicArn)
    const { AttributeName: name = '', AttributeValue: value = '' } = input
    await deps.topics.catalogue.setAttributes(topic, { [name]: value })
    return {}
  },
}
