import type { Subscription } from '../../topics/subscription.ts'
import { openSubscriptionArn } from '../../topics/subscription.ts'
import { openTopicArn, type Topic } from '../../topics/topic.ts'
import type { Request } from '../../wire/service.ts'
import { invalidParameter, notAuthorized, subscriptionNotFound, topicNotFound } from './errors.ts'
import type { SnsDeps } from './service-deps.ts'

type Asking = Pick<Request, 'scope' | 'principal' | 'operation'>

/** The topic that a request names. Topics of other accounts are refused; a region is read from the ARN. */
export async function topicAt(
  { topics }: SnsDeps,
  request: Asking,
  arn: string | undefined,
  member = 'TopicArn',
): Promise<Topic> {
  const place = checkTopicArn(request, arn, member)
  const topic = await topics.catalogue.find(place.scope, place.name)
  if (!topic) throw topicNotFound()
  return topic
}

/** The place that a topic's ARN names; there may be no topic. */
export function checkTopicArn(
  { scope, principal, operation }: Asking,
  arn: string | undefined,
  member = 'TopicArn',
): NonNullable<ReturnType<typeof openTopicArn>> {
  const parts = (arn ?? '').split(':').length
  if (parts < 6) {
    throw invalidParameter(`${member} Reason: An ARN must have at least 6 elements, not ${parts}`)
  }
  const place = openTopicArn(arn ?? '')
  if (!place) throw invalidParameter(member)
  if (place.scope.account !== scope.account) {
    throw notAuthorized(principal.arn, operation, arn ?? '')
  }
  return place
}

export async function subscriptionAt(
  { topics }: SnsDeps,
  { scope, principal, operation }: Asking,
  arn: string | undefined,
): Promise<Subscription> {
  const place = openSubscriptionArn(arn ?? '')
  if (!place) {
    const parts = (arn ?? '').split(':').length
    throw invalidParameter(
      parts < 6
        ? `SubscriptionArn Reason: An ARN must have at least 6 elements, not ${parts}`
        : 'SubscriptionArn',
    )
  }
  if (place.scope.account !== scope.account) {
    throw notAuthorized(principal.arn, operation, arn ?? '')
  }
  const subscription = await topics.subscriptions.byArn(arn ?? '')
  if (!subscription) throw subscriptionNotFound()
  return subscription
}
