import type { Operation } from '../../../wire/service.ts'
import { topicAt } from '../find.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const subscribe: Operation<SnsOperations, 'Subscribe', SnsDeps> = {
  accepts: {
    TopicArn: true,
    Protocol: true,
    Endpoint: true,
    Attributes: true,
    ReturnSubscriptionArn: true,
  },
  async handle(input, request, deps) {
    const topic = await topicAt(deps, request, input.TopicArn)
    const { Protocol: protocol = '', Endpoint: endpoint = '', Attributes: attributes = {} } = input
    const principal = request.principal.arn
    const wish = { protocol, endpoint, attributes, principal }
    const subscription = await deps.topics.subscriptions.subscribe(topic, wish)
    const isNamed = subscription.isConfirmed || input.ReturnSubscriptionArn === true
    return { SubscriptionArn: isNamed ? subscription.arn : 'pending confirmation' }
  },
}
