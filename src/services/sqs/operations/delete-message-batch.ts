import type { Operation } from '../../../wire/service.ts'
import { answering } from '../answering.ts'
import { eachEntry } from '../batch.ts'
import { queueAt } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const deleteMessageBatch: Operation<SqsOperations, 'DeleteMessageBatch', SqsDeps> =
  answering({
    accepts: { QueueUrl: true, Entries: { Id: true, ReceiptHandle: true } },
    async handle(input, request, deps) {
      const queue = await queueAt(deps, request, input.QueueUrl)
      return eachEntry(input.Entries, async ({ ReceiptHandle }) => {
        await deps.queues.remove(queue, ReceiptHandle ?? '')
        return {}
      })
    },
  })
