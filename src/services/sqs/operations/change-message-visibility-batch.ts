import type { Operation } from '../../../wire/service.ts'
import { eachEntry } from '../batch.ts'
import { missingParameter } from '../errors.ts'
import { queueAt } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const changeMessageVisibilityBatch: Operation<
  SqsOperations,
  'ChangeMessageVisibilityBatch',
  SqsDeps
> = {
  accepts: { QueueUrl: true, Entries: { Id: true, ReceiptHandle: true, VisibilityTimeout: true } },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    return eachEntry(input.Entries, async ({ ReceiptHandle, VisibilityTimeout }) => {
      if (VisibilityTimeout === undefined) throw missingParameter('VisibilityTimeout')
      await deps.queues.changeVisibility(queue, ReceiptHandle ?? '', VisibilityTimeout)
      return {}
    })
  },
}
