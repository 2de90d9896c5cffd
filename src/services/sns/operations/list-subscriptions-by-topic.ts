import type { Operation } from '../../../wire/service.ts'
import { topicAt } from '../find.ts'
import { pageWith } from '../paging.ts'
import { subscriptionRow } from '../topic-view.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const listSubscriptionsByTopic: Operation<
  SnsOperations,
  'ListSubscriptionsByTopic',
  SnsDeps
> = {
  accepts: { TopicArn: true, NextToken: true },
  async handle(input, request, deps) {
    const topic = await topicAt(deps, request, input.TopicArn)
    const all = await deps.topics.subscriptions.ofTopic(topic)
    const { items, next } = pageWith(all, input.NextToken)
    return { Subscriptions: items.map(subscriptionRow), ...next }
  },
}
