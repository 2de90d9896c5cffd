import type { Operation } from '../../../wire/service.ts'
import { checkTags, tagRecord } from '../tags.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const createTopic: Operation<SnsOperations, 'CreateTopic', SnsDeps> = {
  accepts: { Name: true, Attributes: true, Tags: true },
  async handle(input, request, deps) {
    const { Name: name = '', Attributes: attributes = {} } = input
    const tags = tagRecord(input.Tags)
    checkTags(tags)
    const topic = await deps.topics.catalogue.create(request.scope, { name, attributes, tags })
    return { TopicArn: topic.arn }
  },
}
