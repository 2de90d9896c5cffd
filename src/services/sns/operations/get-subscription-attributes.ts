import type { Operation } from '../../../wire/service.ts'
import { subscriptionAt } from '../find.ts'
import { subscriptionNotFound } from '../errors.ts'
import { subscriptionView } from '../topic-view.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const getSubscriptionAttributes: Operation<
  SnsOperations,
  'GetSubscriptionAttributes',
  SnsDeps
> = {
  accepts: { SubscriptionArn: true },
  async handle(input, request, deps) {
    const subscription = await subscriptionAt(deps, request, input.SubscriptionArn)
    const { scope, topicName } = subscription
    const topic = await deps.topics.catalogue.find(scope, topicName)
    if (!topic) throw subscriptionNotFound()
    return { Attributes: subscriptionView(subscription, topic) }
  },
}
