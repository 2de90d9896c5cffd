import { empty } from '../../../wire/accept.ts'
import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const continueUpdateRollback: CloudFormationOperation<'ContinueUpdateRollback'> = {
  accepts: { StackName: true, ClientRequestToken: true, ResourcesToSkip: empty },
  async handle(input, request, deps) {
    await deps.stacks.operations.continueRollback(request.scope, input.StackName ?? '')
    return {}
  },
}
