import type { Operation } from '../../../wire/service.ts'
import { invalidParameter, mustBeSigned, notAuthorized } from '../errors.ts'
import { openSubscriptionArn } from '../../../topics/subscription.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const unsubscribe: Operation<SnsOperations, 'Unsubscribe', SnsDeps> = {
  accepts: { SubscriptionArn: true },
  // As on AWS, what is not there is left already.
  async handle(input, request, deps) {
    const place = openSubscriptionArn(input.SubscriptionArn ?? '')
    if (!place) throw invalidParameter('SubscriptionArn')
    const subscription = await deps.topics.subscriptions.byArn(input.SubscriptionArn ?? '')
    if (!subscription) return {}
    if (place.scope.account !== request.scope.account) {
      throw notAuthorized(request.principal.arn, request.operation, subscription.arn)
    }
    const isSigned = request.principal.accessKeyId !== undefined
    if (subscription.needsKeyToLeave && !isSigned && subscription.protocol !== 'sqs') {
      throw mustBeSigned()
    }
    await deps.topics.subscriptions.remove(subscription)
    return {}
  },
}
