import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { roleOf } from '../request-members.ts'

export const rollbackStack: CloudFormationOperation<'RollbackStack'> = {
  accepts: { StackName: true, ClientRequestToken: true, RoleARN: true, RetainExceptOnCreate: true },
  async handle(input, request, deps) {
    await roleOf(deps, request.scope, input.RoleARN)
    const stack = await deps.stacks.rollbacks.rollBack(request.scope, {
      nameOrId: input.StackName ?? '',
      retainsExceptOnCreate: input.RetainExceptOnCreate ?? false,
    })
    return { StackId: stack.stackId }
  },
}
