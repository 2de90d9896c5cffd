import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const updateTerminationProtection: CloudFormationOperation<'UpdateTerminationProtection'> = {
  accepts: { StackName: true, EnableTerminationProtection: true },
  async handle(input, request, deps) {
    const stack = await deps.stacks.operations.protect(
      request.scope,
      input.StackName ?? '',
      input.EnableTerminationProtection ?? false,
    )
    return { StackId: stack.stackId }
  },
}
