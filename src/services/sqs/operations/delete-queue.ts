import type { Operation } from '../../../wire/service.ts'
import { queueAt } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const deleteQueue: Operation<SqsOperations, 'DeleteQueue', SqsDeps> = {
  accepts: { QueueUrl: true },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    await deps.queues.catalogue.remove(queue)
    return {}
  },
}
