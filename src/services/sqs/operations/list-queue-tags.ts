import type { Operation } from '../../../wire/service.ts'
import { queueAt } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const listQueueTags: Operation<SqsOperations, 'ListQueueTags', SqsDeps> = {
  accepts: { QueueUrl: true },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    return Object.keys(queue.tags).length > 0 ? { Tags: { ...queue.tags } } : {}
  },
}
