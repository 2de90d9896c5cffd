import type { Operation } from '../../../wire/service.ts'
import { topicAt } from '../find.ts'
import { topicView } from '../topic-view.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const getTopicAttributes: Operation<SnsOperations, 'GetTopicAttributes', SnsDeps> = {
  accepts: { TopicArn: true },
  async handle(input, request, deps) {
    const topic = await topicAt(deps, request, input.TopicArn)
    return { Attributes: topicView(topic, await deps.topics.subscriptions.ofTopic(topic)) }
  },
}
