import { answeringType } from '../../stacks/answering-type.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import { asAwsError, missingParameter, unsupportedMember } from './errors.ts'
import { addPermission } from './operations/add-permission.ts'
import { cancelMessageMoveTask } from './operations/cancel-message-move-task.ts'
import { changeMessageVisibility } from './operations/change-message-visibility.ts'
import { changeMessageVisibilityBatch } from './operations/change-message-visibility-batch.ts'
import { createQueue } from './operations/create-queue.ts'
import { deleteMessage } from './operations/delete-message.ts'
import { deleteMessageBatch } from './operations/delete-message-batch.ts'
import { deleteQueue } from './operations/delete-queue.ts'
import { getQueueAttributes } from './operations/get-queue-attributes.ts'
import { getQueueUrl } from './operations/get-queue-url.ts'
import { listDeadLetterSourceQueues } from './operations/list-dead-letter-source-queues.ts'
import { listMessageMoveTasks } from './operations/list-message-move-tasks.ts'
import { listQueueTags } from './operations/list-queue-tags.ts'
import { listQueues } from './operations/list-queues.ts'
import { purgeQueue } from './operations/purge-queue.ts'
import { receiveMessage } from './operations/receive-message.ts'
import { removePermission } from './operations/remove-permission.ts'
import { sendMessage } from './operations/send-message.ts'
import { sendMessageBatch } from './operations/send-message-batch.ts'
import { setQueueAttributes } from './operations/set-queue-attributes.ts'
import { startMessageMoveTask } from './operations/start-message-move-task.ts'
import { tagQueue } from './operations/tag-queue.ts'
import { untagQueue } from './operations/untag-queue.ts'
import type { SqsDeps } from './service-deps.ts'
import { queuePolicyType } from './stack-resources/queue-policy.ts'
import { queueType } from './stack-resources/queue.ts'

/** Amazon Simple Queue Service, on the queue engine. */
export function sqsService(deps: SqsDeps): Service {
  return serviceOf(deps, {
    id: 'sqs',
    pathMember: 'QueueUrl',
    refuseMember: unsupportedMember,
    asAwsError,
    missing: missingParameter,
    operations: {
      AddPermission: addPermission,
      CancelMessageMoveTask: cancelMessageMoveTask,
      ChangeMessageVisibility: changeMessageVisibility,
      ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
      CreateQueue: createQueue,
      DeleteMessage: deleteMessage,
      DeleteMessageBatch: deleteMessageBatch,
      DeleteQueue: deleteQueue,
      GetQueueAttributes: getQueueAttributes,
      GetQueueUrl: getQueueUrl,
      ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
      ListMessageMoveTasks: listMessageMoveTasks,
      ListQueueTags: listQueueTags,
      ListQueues: listQueues,
      PurgeQueue: purgeQueue,
      ReceiveMessage: receiveMessage,
      RemovePermission: removePermission,
      SendMessage: sendMessage,
      SendMessageBatch: sendMessageBatch,
      SetQueueAttributes: setQueueAttributes,
      StartMessageMoveTask: startMessageMoveTask,
      TagQueue: tagQueue,
      UntagQueue: untagQueue,
    },
  })
}

export function sqsResourceTypes(deps: SqsDeps): readonly ResourceType[] {
  return [queueType(deps), queuePolicyType(deps)].map((type) => answeringType(type, asAwsError))
}
