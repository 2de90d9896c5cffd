import type { Operation } from '../../../wire/service.ts'
import { queueAt } from '../queue-address.ts'
import { withPermission } from '../queue-policy.ts'
import type { SqsDeps, SqsOperations } from '../service-deps.ts'

export const addPermission: Operation<SqsOperations, 'AddPermission', SqsDeps> = {
  accepts: { QueueUrl: true, Label: true, AWSAccountIds: true, Actions: true },
  async handle(input, request, deps) {
    const queue = await queueAt(deps, request, input.QueueUrl)
    const { Label: label = '', AWSAccountIds: accounts = [], Actions: actions = [] } = input
    const Policy = withPermission(queue, { label, accounts, actions })
    await deps.queues.catalogue.setAttributes(queue, { Policy })
    return {}
  },
}
