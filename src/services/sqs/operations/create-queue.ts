import type { Operation } from '../../../wire/service.ts'
import { urlOf } from '../queue-address.ts'
import { checkTags } from '../tags.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const createQueue: Operation<SqsOperations, 'CreateQueue', SqsDeps> = {
  accepts: { QueueName: true, Attributes: true, tags: true },
  async handle(input, request, deps) {
    const { QueueName: name = '', Attributes: attributes = {}, tags = {} } = input
    checkTags(tags)
    const queue = await deps.queues.catalogue.create(request.scope, { name, attributes, tags })
    return { QueueUrl: urlOf(request.host, queue) }
  },
}
