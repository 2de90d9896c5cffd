import type { Operation } from '../../../wire/service.ts'
import { pageOfQueues } from '../paging.ts'
import { queueAt, urlOf } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const listDeadLetterSourceQueues: Operation<
  SqsOperations,
  'ListDeadLetterSourceQueues',
  SqsDeps
> = {
  accepts: { QueueUrl: true, NextToken: true, MaxResults: true },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const sources = await deps.queues.catalogue.sourcesOf(queue)
    const { items, nextToken } = pageOfQueues(sources, input)
    return {
      queueUrls: items.map((source) => urlOf(request.host, source)),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    }
  },
}
