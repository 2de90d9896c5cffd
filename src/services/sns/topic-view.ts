import { deliveryPolicy } from '../../topics/domain/delivery-policy.ts'
import { openJson, type Subscription } from '../../topics/subscription.ts'
import type { Topic } from '../../topics/topic.ts'

/** What GetTopicAttributes answers. */
export function topicView(
  topic: Topic,
  subscriptions: readonly Subscription[],
): Record<string, string> {
  const { attributes, arn, scope, isFifo } = topic
  const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed).length
  const { retry, contentType } = deliveryPolicy(openJson(attributes['DeliveryPolicy']), undefined)
  return {
    ...(isFifo && { ContentBasedDeduplication: 'false', FifoThroughputScope: 'Topic' }),
    DisplayName: '',
    ...attributes,
    ...(isFifo && { FifoTopic: 'true' }),
    EffectiveDeliveryPolicy: JSON.stringify({
      http: {
        defaultHealthyRetryPolicy: retry,
        disableSubscriptionOverrides: false,
        defaultRequestPolicy: { headerContentType: contentType },
      },
    }),
    Owner: scope.account,
    Policy: attributes['Policy'] ?? usualPolicy(topic),
    SubscriptionsConfirmed: `${confirmed}`,
    SubscriptionsDeleted: `${topic.removedCount}`,
    SubscriptionsPending: `${subscriptions.length - confirmed}`,
    TopicArn: arn,
  }
}

/** What GetSubscriptionAttributes answers. */
export function subscriptionView(subscription: Subscription, topic: Topic): Record<string, string> {
  const { attributes, scope, protocol } = subscription
  const isWeb = protocol === 'http' || protocol === 'https'
  const ofTopic = openJson(topic.attributes['DeliveryPolicy'])
  const { retry } = deliveryPolicy(ofTopic, openJson(attributes['DeliveryPolicy']))
  return {
    RawMessageDelivery: 'false',
    ...attributes,
    ...(attributes['FilterPolicy'] !== undefined && {
      FilterPolicyScope: subscription.filterScope,
    }),
    ...(isWeb && {
      EffectiveDeliveryPolicy: JSON.stringify({ healthyRetryPolicy: retry }),
    }),
    ConfirmationWasAuthenticated: `${subscription.needsKeyToLeave}`,
    Endpoint: subscription.endpoint,
    Owner: scope.account,
    PendingConfirmation: `${!subscription.isConfirmed}`,
    Protocol: protocol,
    SubscriptionArn: subscription.arn,
    SubscriptionPrincipal: subscription.principal,
    TopicArn: topic.arn,
  }
}

/** A row of a list. */
export function subscriptionRow(
  subscription: Subscription,
): Record<'SubscriptionArn' | 'Owner' | 'Protocol' | 'Endpoint' | 'TopicArn', string> {
  return {
    SubscriptionArn: subscription.isConfirmed ? subscription.arn : 'PendingConfirmation',
    Owner: subscription.scope.account,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    TopicArn: subscription.arn.slice(0, -subscription.id.length - 1),
  }
}

const ownerActions = [
  'SNS:GetTopicAttributes',
  'SNS:SetTopicAttributes',
  'SNS:AddPermission',
  'SNS:RemovePermission',
  'SNS:DeleteTopic',
  'SNS:Subscribe',
  'SNS:ListSubscriptionsByTopic',
  'SNS:Publish',
]

/** The policy that every topic is made with. */
export function usualPolicy({ arn, scope }: Topic): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ownerActions,
        Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': scope.account } },
      },
    ],
  })
}
