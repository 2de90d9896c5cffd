import type { BatchResultErrorEntry, PublishBatchResultEntry } from '@aws-sdk/client-sns'
import { AwsError } from '../../../kernel/errors.ts'
import type { Operation } from '../../../wire/service.ts'
import { asAwsError } from '../errors.ts'
import { topicAt } from '../find.ts'
import { tellingOf } from '../telling.ts'
import { checkBatch } from '../batch.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const publishBatch: Operation<SnsOperations, 'PublishBatch', SnsDeps> = {
  accepts: {
    TopicArn: true,
    PublishBatchRequestEntries: {
      Id: true,
      Message: true,
      Subject: true,
      MessageStructure: true,
      MessageAttributes: true,
      MessageDeduplicationId: true,
      MessageGroupId: true,
    },
  },
  /** Each entry for itself, in their order: one that fails does not keep the others back. */
  async handle(input, request, deps) {
    const topic = await topicAt(deps, request, input.TopicArn)
    const entries = input.PublishBatchRequestEntries ?? []
    checkBatch(entries)
    const Successful: PublishBatchResultEntry[] = []
    const Failed: BatchResultErrorEntry[] = []
    const outcomes = await Promise.allSettled(
      entries.map(async (entry) => deps.topics.publish(topic, tellingOf(topic, entry))),
    )
    for (const [n, outcome] of outcomes.entries()) {
      const Id = entries[n]?.Id ?? ''
      if (outcome.status === 'fulfilled') {
        const { messageId, sequenceNumber } = outcome.value
        Successful.push({
          Id,
          MessageId: messageId,
          ...(sequenceNumber === undefined ? {} : { SequenceNumber: sequenceNumber }),
        })
        continue
      }
      const error = asAwsError(outcome.reason)
      if (!(error instanceof AwsError)) throw outcome.reason
      const Code = error.code.replace(/Exception$/, '')
      Failed.push({ Id, Code, Message: error.message, SenderFault: true })
    }
    return { Successful, Failed }
  },
}
