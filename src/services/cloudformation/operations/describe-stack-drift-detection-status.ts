import type { CloudFormationOperation } from '../cloudformation-operation.ts'

export const describeStackDriftDetectionStatus: CloudFormationOperation<'DescribeStackDriftDetectionStatus'> =
  {
    accepts: { StackDriftDetectionId: true },
    async handle(input, request, deps) {
      const { StackDriftDetectionId = '' } = input
      const detection = await deps.stacks.drifts.need(request.scope, StackDriftDetectionId)
      const { driftStatus, driftedCount, reason } = detection
      return {
        StackId: detection.stackId,
        StackDriftDetectionId: detection.id,
        DetectionStatus: detection.status,
        ...(reason === undefined ? {} : { DetectionStatusReason: reason }),
        ...(driftStatus === undefined ? {} : { StackDriftStatus: driftStatus }),
        ...(driftedCount === undefined ? {} : { DriftedStackResourceCount: driftedCount }),
        Timestamp: new Date(detection.startedAt),
      }
    },
  }
