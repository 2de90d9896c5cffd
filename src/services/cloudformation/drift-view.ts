import type { StackResourceDrift } from '@aws-sdk/client-cloudformation'
import type { ResourceDrift } from '../../stacks/drift.ts'
import type { StackRecord } from '../../stacks/stack-records.ts'

/** What was seen of one resource. */
export function driftView(
  { stackId }: Pick<StackRecord, 'stackId'>,
  drift: ResourceDrift,
): StackResourceDrift {
  const { expected, actual, differences } = drift
  return {
    StackId: stackId,
    LogicalResourceId: drift.logicalId,
    PhysicalResourceId: drift.physicalId,
    ResourceType: drift.type,
    ...(expected === undefined ? {} : { ExpectedProperties: JSON.stringify(expected) }),
    ...(actual === undefined ? {} : { ActualProperties: JSON.stringify(actual) }),
    PropertyDifferences: differences.map((difference) => ({
      PropertyPath: difference.path,
      ExpectedValue: difference.expected,
      ActualValue: difference.actual,
      DifferenceType: difference.kind,
    })),
    StackResourceDriftStatus: drift.status,
    Timestamp: new Date(drift.at),
  }
}
