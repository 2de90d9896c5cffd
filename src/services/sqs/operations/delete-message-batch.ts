import type { Operation } from '../../../wire/service.ts'
import { answeredTogether, checkBatch } from '../batch.ts'
import { queueAt } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const deleteMessageBatch: Operation<SqsOperations, 'DeleteMessageBatch', SqsDeps> = {
  accepts: { QueueUrl: true, Entries: { Id: true, ReceiptHandle: true } },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const entries = input.Entries ?? []
    checkBatch(entries)
    return answeredTogether(entries, {
      prepare: ({ ReceiptHandle = '' }) => ReceiptHandle,
      act: (receipts) => deps.queues.removeAll(queue, receipts),
      answer: () => ({}),
    })
  },
}
