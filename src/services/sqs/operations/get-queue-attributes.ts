import type { Operation } from '../../../wire/service.ts'
import { queueAt } from '../queue-address.ts'
import { describeAttributes, wantsCounts } from '../queue-attributes.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const getQueueAttributes: Operation<SqsOperations, 'GetQueueAttributes', SqsDeps> = {
  accepts: { QueueUrl: true, AttributeNames: true },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const names = input.AttributeNames ?? []
    const { messages, context } = deps.queues
    const counts = wantsCounts(names)
      ? await messages.count(queue.key, context.clock.now())
      : undefined
    const Attributes = describeAttributes(queue, names, counts)
    return Object.keys(Attributes).length > 0 ? { Attributes } : {}
  },
}
