import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const rollbackStack: CloudFormationOperation<'RollbackStack'> = {
  accepts: { StackName: true, ClientRequestToken: true, RetainExceptOnCreate: true },
  async handle(input, request, deps) {
    const stack = await deps.stacks.rollbacks.rollBack(request.scope, {
      nameOrId: input.StackName ?? '',
      retainsExceptOnCreate: input.RetainExceptOnCreate ?? false,
    })
    return { StackId: stack.stackId }
  },
}
