import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { needStack } from '../find-stack.ts'

export const getStackPolicy: CloudFormationOperation<'GetStackPolicy'> = {
  accepts: { StackName: true },
  async handle(input, request, deps) {
    const { policy } = await needStack(deps, request.scope, input.StackName)
    return policy === undefined ? {} : { StackPolicyBody: policy }
  },
}
