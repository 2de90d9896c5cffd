import type { Operation } from '../../../wire/service.ts'
import { pageWith } from '../paging.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const listTopics: Operation<SnsOperations, 'ListTopics', SnsDeps> = {
  accepts: { NextToken: true },
  async handle(input, request, deps) {
    const topics = await deps.topics.catalogue.list(request.scope)
    const { items, next } = pageWith(topics, input.NextToken)
    return { Topics: items.map(({ arn }) => ({ TopicArn: arn })), ...next }
  },
}
