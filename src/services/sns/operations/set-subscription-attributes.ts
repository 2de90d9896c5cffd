import type { Operation } from '../../../wire/service.ts'
import { subscriptionAt } from '../find.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const setSubscriptionAttributes: Operation<
  SnsOperations,
  'SetSubscriptionAttributes',
  SnsDeps
> = {
  accepts: { SubscriptionArn: true, AttributeName: true, AttributeValue: true },
  async handle(input, request, deps) {
    const subscription = await subscriptionAt(deps, request, input.SubscriptionArn)
    const { AttributeName: name = '', AttributeValue: value = '' } = input
    await deps.topics.subscriptions.setAttribute(subscription, name, value)
    return {}
  },
}
