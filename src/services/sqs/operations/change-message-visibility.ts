import type { Operation } from '../../../wire/service.ts'
import { missingParameter } from '../errors.ts'
import { queueAt } from '../queue-address.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const changeMessageVisibility: Operation<SqsOperations, 'ChangeMessageVisibility', SqsDeps> =
  {
    accepts: { QueueUrl: true, ReceiptHandle: true, VisibilityTimeout: true },
    async handle(input, request, deps) {
      const queue = await queueAt(deps, request, input.QueueUrl)
      const { ReceiptHandle, VisibilityTimeout } = input
      if (VisibilityTimeout === undefined) throw missingParameter('VisibilityTimeout')
      await deps.queues.changeVisibility(queue, ReceiptHandle ?? '', VisibilityTimeout)
      return {}
    },
  }
