import { is } from '../../../wire/accept.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const signalResource: CloudFormationOperation<'SignalResource'> = {
  accepts: {
    StackName: true,
    LogicalResourceId: true,
    UniqueId: true,
    Status: is('SUCCESS', 'FAILURE'),
  },
  async handle(input, request, deps) {
    await deps.stacks.signals.signal(request.scope, {
      nameOrId: input.StackName ?? '',
      logicalId: input.LogicalResourceId ?? '',
      uniqueId: input.UniqueId ?? '',
      status: input.Status === 'SUCCESS' ? 'SUCCESS' : 'FAILURE',
    })
    return {}
  },
}
