import type { Change, ChangeSetSummary } from '@aws-sdk/client-cloudformation'
import type { ChangeSetRecord } from '../../stacks/change-sets.ts'
import type { PlannedChange } from '../../stacks/plan-changes.ts'

/** What every view of a change set has. */
export function changeSetView(changeSet: ChangeSetRecord): ChangeSetSummary {
  const { description, statusReason } = changeSet
  return {
    ChangeSetName: changeSet.name,
    ChangeSetId: changeSet.changeSetId,
    StackId: changeSet.stackId,
    StackName: changeSet.stackName,
    ...(description === undefined ? {} : { Description: description }),
    CreationTime: new Date(changeSet.createdAt),
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    ...(statusReason === undefined ? {} : { StatusReason: statusReason }),
    IncludeNestedStacks: false,
  }
}

export function changeView(change: PlannedChange): Change {
  const { physicalId, replacement } = change
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: change.action,
      LogicalResourceId: change.logicalId,
      ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
      ResourceType: change.type,
      ...(replacement === undefined ? {} : { Replacement: replacement }),
      Scope: [...change.scope],
      Details: change.details.map(({ attribute, name, recreation, evaluation }) => ({
        Target: {
          Attribute: attribute,
          ...(name === undefined ? {} : { Name: name }),
          RequiresRecreation: recreation,
        },
        Evaluation: evaluation,
        ChangeSource: 'DirectModification',
      })),
    },
  }
}
