import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const cancelUpdateStack: CloudFormationOperation<'CancelUpdateStack'> = {
  accepts: { StackName: true, ClientRequestToken: true },
  async handle(input, request, deps) {
    await deps.stacks.operations.cancelUpdate(request.scope, input.StackName ?? '')
    return {}
  },
}
