import type { Operation } from '../../../wire/service.ts'
import { queueAt } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const untagQueue: Operation<SqsOperations, 'UntagQueue', SqsDeps> = {
  accepts: { QueueUrl: true, TagKeys: true },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const gone = input.TagKeys ?? []
    await deps.queues.catalogue.change(queue, (record) => ({
      ...record,
      tags: Object.fromEntries(Object.entries(record.tags).filter(([key]) => !gone.includes(key))),
    }))
    return {}
  },
}
