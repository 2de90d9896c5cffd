import type { CloudFormationOperation } from '../cloudformation-operation.ts'

/** Begins to look; DescribeStackDriftDetectionStatus tells when it is over. */
export const detectStackDrift: CloudFormationOperation<'DetectStackDrift'> = {
  accepts: { StackName: true, LogicalResourceIds: true },
  async handle(input, request, deps) {
    const { StackName = '', LogicalResourceIds } = input
    const ids = LogicalResourceIds && LogicalResourceIds.length > 0 ? LogicalResourceIds : undefined
    const detection = await deps.stacks.drifts.start(request.scope, StackName, ids)
    return { StackDriftDetectionId: detection.id }
  },
}
