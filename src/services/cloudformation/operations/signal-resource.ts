import { is } from '../../../wire/accept.ts'
import { listResources, needStack } from '../find-stack.ts'
import { needOwnStack } from '../machine-access.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const signalResource: CloudFormationOperation<'SignalResource'> = {
  accepts: {
    StackName: true,
    LogicalResourceId: true,
    UniqueId: true,
    Status: is('SUCCESS', 'FAILURE'),
  },
  async handle(input, request, deps) {
    if (request.machine) {
      const stack = await needStack(deps, request.scope, input.StackName)
      needOwnStack(request.machine, stack, await listResources(deps, request.scope, stack))
    }
    await deps.stacks.signals.signal(request.scope, {
      nameOrId: input.StackName ?? '',
      logicalId: input.LogicalResourceId ?? '',
      uniqueId: input.UniqueId ?? '',
      status: input.Status === 'SUCCESS' ? 'SUCCESS' : 'FAILURE',
    })
    return {}
  },
}
