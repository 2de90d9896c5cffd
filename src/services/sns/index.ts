import { answeringType } from '../../stacks/answering-type.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { asAwsError, unsupportedMember } from './errors.ts'
import { addPermission } from './operations/add-permission.ts'
import { confirmSubscription } from './operations/confirm-subscription.ts'
import { createTopic } from './operations/create-topic.ts'
import { deleteTopic } from './operations/delete-topic.ts'
import { getSubscriptionAttributes } from './operations/get-subscription-attributes.ts'
import { getTopicAttributes } from './operations/get-topic-attributes.ts'
import { listSubscriptions } from './operations/list-subscriptions.ts'
import { listSubscriptionsByTopic } from './operations/list-subscriptions-by-topic.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { listTopics } from './operations/list-topics.ts'
import { publish } from './operations/publish.ts'
import { publishBatch } from './operations/publish-batch.ts'
import { removePermission } from './operations/remove-permission.ts'
import { setSubscriptionAttributes } from './operations/set-subscription-attributes.ts'
import { setTopicAttributes } from './operations/set-topic-attributes.ts'
import { subscribe } from './operations/subscribe.ts'
import { tagResource } from './operations/tag-resource.ts'
import { unsubscribe } from './operations/unsubscribe.ts'
import { untagResource } from './operations/untag-resource.ts'
import type { SnsDeps } from './service-deps.ts'
import { subscriptionType } from './stack-resources/subscription.ts'
import { topicPolicyType } from './stack-resources/topic-policy.ts'
import { topicType } from './stack-resources/topic.ts'

/** Amazon Simple Notification Service, on the engine of topics. */
export function snsService(deps: SnsDeps): Service {
  return serviceOf(deps, {
    id: 'sns',
    refuseMember: unsupportedMember,
    asAwsError,
    operations: {
      AddPermission: addPermission,
      ConfirmSubscription: confirmSubscription,
      CreateTopic: createTopic,
      DeleteTopic: deleteTopic,
      GetSubscriptionAttributes: getSubscriptionAttributes,
      GetTopicAttributes: getTopicAttributes,
      ListSubscriptions: listSubscriptions,
      ListSubscriptionsByTopic: listSubscriptionsByTopic,
      ListTagsForResource: listTagsForResource,
      ListTopics: listTopics,
      Publish: publish,
      PublishBatch: publishBatch,
      RemovePermission: removePermission,
      SetSubscriptionAttributes: setSubscriptionAttributes,
      SetTopicAttributes: setTopicAttributes,
      Subscribe: subscribe,
      TagResource: tagResource,
      Unsubscribe: unsubscribe,
      UntagResource: untagResource,
    },
  })
}

export function snsResourceTypes(deps: SnsDeps): readonly ResourceType[] {
  return [topicType(deps), subscriptionType(deps), topicPolicyType(deps)].map((type) =>
    answeringType(type, asAwsError),
  )
}
