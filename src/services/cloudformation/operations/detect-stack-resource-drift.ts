import type { CloudFormationOperation } from '../cloudformation-operation.ts'
import { driftView } from '../drift-view.ts'
import { needStack } from '../find-stack.ts'

/** Looks at one resource and answers with what it saw. */
export const detectStackResourceDrift: CloudFormationOperation<'DetectStackResourceDrift'> = {
  accepts: { StackName: true, LogicalResourceId: true },
  async handle(input, request, deps) {
    const { StackName = '', LogicalResourceId = '' } = input
    const { scope } = request
    const drift = await deps.stacks.drifts.detectOne(scope, StackName, LogicalResourceId)
    const stack = await needStack(deps, scope, StackName)
    return { StackResourceDrift: driftView(stack, drift) }
  },
}
