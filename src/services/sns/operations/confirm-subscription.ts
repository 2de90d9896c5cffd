import type { Operation } from '../../../wire/service.ts'
import { topicAt } from '../find.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const confirmSubscription: Operation<SnsOperations, 'ConfirmSubscription', SnsDeps> = {
  accepts: { TopicArn: true, Token: true, AuthenticateOnUnsubscribe: true },
  async handle(input, request, deps) {
    const topic = await topicAt(deps, request, input.TopicArn)
    const needsKeyToLeave = input.AuthenticateOnUnsubscribe === 'true'
    const { arn } = await deps.topics.subscriptions.confirm(topic, input.Token ?? '', {
      needsKeyToLeave,
    })
    return { SubscriptionArn: arn }
  },
}
