import type { Operation } from '../../../wire/service.ts'
import { pageOfQueues } from '../paging.ts'
import { urlOf } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const listQueues: Operation<SqsOperations, 'ListQueues', SqsDeps> = {
  accepts: { QueueNamePrefix: true, NextToken: true, MaxResults: true },
  async handle(input, request, deps) {
    const queues = await deps.queues.catalogue.list(request.scope, input.QueueNamePrefix)
    const { items, nextToken } = pageOfQueues(queues, input)
    const QueueUrls = items.map((queue) => urlOf(request.host, queue))
    return {
      ...(QueueUrls.length > 0 ? { QueueUrls } : {}),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    }
  },
}
