import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { roleOf } from '../request-members.ts'

export const continueUpdateRollback: CloudFormationOperation<'ContinueUpdateRollback'> = {
  accepts: { StackName: true, ClientRequestToken: true, RoleARN: true, ResourcesToSkip: true },
  async handle(input, request, deps) {
    await roleOf(deps, request.scope, input.RoleARN)
    const skipped = input.ResourcesToSkip ?? []
    await deps.stacks.rollbacks.continueRollback(request.scope, input.StackName ?? '', skipped)
    return {}
  },
}
