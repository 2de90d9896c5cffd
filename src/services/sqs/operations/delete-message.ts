import type { Operation } from '../../../wire/service.ts'
import { queueAt } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const deleteMessage: Operation<SqsOperations, 'DeleteMessage', SqsDeps> = {
  accepts: { QueueUrl: true, ReceiptHandle: true },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    await deps.queues.remove(queue, input.ReceiptHandle ?? '')
    return {}
  },
}
