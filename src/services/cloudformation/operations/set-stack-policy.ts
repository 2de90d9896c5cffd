import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const setStackPolicy: CloudFormationOperation<'SetStackPolicy'> = {
  accepts: { StackName: true, StackPolicyBody: true },
  async handle(input, request, deps) {
    const { StackName = '', StackPolicyBody = '' } = input
    await deps.stacks.operations.setPolicy(request.scope, StackName, StackPolicyBody)
    return {}
  },
}
