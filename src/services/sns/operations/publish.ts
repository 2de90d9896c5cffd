import type { Operation } from '../../../wire/service.ts'
import { topicAt } from '../find.ts'
import { invalidParameter } from '../errors.ts'
import { tellingOf } from '../telling.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const publish: Operation<SnsOperations, 'Publish', SnsDeps> = {
  accepts: {
    TopicArn: true,
    TargetArn: true,
    Message: true,
    Subject: true,
    MessageStructure: true,
    MessageAttributes: true,
    MessageDeduplicationId: true,
    MessageGroupId: true,
  },
  async handle(input, request, deps) {
    const arn = input.TopicArn ?? input.TargetArn
    if (arn === undefined)
      throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter')
    if (input.TopicArn !== undefined && input.TargetArn !== undefined) {
      throw invalidParameter('TopicArn or TargetArn Reason: both are given')
    }
    const topic = await topicAt(deps, request, arn, input.TopicArn ? 'TopicArn' : 'TargetArn')
    const { messageId, sequenceNumber } = await deps.topics.publish(topic, tellingOf(topic, input))
    return {
      MessageId: messageId,
      ...(sequenceNumber === undefined ? {} : { SequenceNumber: sequenceNumber }),
    }
  },
}
