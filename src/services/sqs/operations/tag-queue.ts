import type { Operation } from '../../../wire/service.ts'
import { queueAt } from '../queue-address.ts'
import { checkTags } from '../tags.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const tagQueue: Operation<SqsOperations, 'TagQueue', SqsDeps> = {
  accepts: { QueueUrl: true, Tags: true },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const tags = input.Tags ?? {}
    checkTags({ ...queue.tags, ...tags })
    await deps.queues.catalogue.change(queue, (record) => ({
      ...record,
      tags: { ...record.tags, ...tags },
    }))
    return {}
  },
}
