import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const continueUpdateRollback: CloudFormationOperation<'ContinueUpdateRollback'> = {
  accepts: { StackName: true, ClientRequestToken: true, ResourcesToSkip: true },
  async handle(input, request, deps) {
    const skipped = input.ResourcesToSkip ?? []
    await deps.stacks.rollbacks.continueRollback(request.scope, input.StackName ?? '', skipped)
    return {}
  },
}
