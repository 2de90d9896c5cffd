import type { Operation } from '../../../wire/service.ts'
import { missingParameter, queueDoesNotExist } from '../errors.ts'
import { urlOf } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const getQueueUrl: Operation<SqsOperations, 'GetQueueUrl', SqsDeps> = {
  accepts: { QueueName: true, QueueOwnerAWSAccountId: true },
  async handle(input, request, deps) {
    const { QueueName: name, QueueOwnerAWSAccountId: owner = request.scope.account } = input
    if (!name) throw missingParameter('QueueName')
    if (owner !== request.scope.account) throw queueDoesNotExist()
    return {
      QueueUrl: urlOf(request.host, await deps.queues.catalogue.require(request.scope, name)),
    }
  },
}
