import type { Operation } from '../../../wire/service.ts'
import { queueAt } from '../queue-address.ts'
import { withoutPermission } from '../queue-policy.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const removePermission: Operation<SqsOperations, 'RemovePermission', SqsDeps> = {
  accepts: { QueueUrl: true, Label: true },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const Policy = withoutPermission(queue, input.Label ?? '')
    await deps.queues.catalogue.setAttributes(queue, { Policy })
    return {}
  },
}
