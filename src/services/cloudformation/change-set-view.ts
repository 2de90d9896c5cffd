import type {
  Change,
  ChangeSetSummary,
  DescribeChangeSetOutput,
  ResourceChangeDetail,
  ResourceTargetDefinition,
} from '@aws-sdk/client-cloudformation'
import type { ChangedProperty } from '../../stacks/change-details.ts'
import type { ChangeSetRecord } from '../../stacks/change-set-records.ts'
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
    IncludeNestedStacks: changeSet.nested !== undefined,
    ...(changeSet.parent
      ? {
          ParentChangeSetId: changeSet.parent.changeSetId,
          RootChangeSetId: changeSet.parent.rootId,
        }
      : {}),
  }
}

/** Of a change set that compares with what is there. */
export function driftView({
  revertsDrift,
  changes,
}: ChangeSetRecord): Pick<DescribeChangeSetOutput, 'DeploymentMode' | 'StackDriftStatus'> {
  if (!revertsDrift) return {}
  const isDrifted = changes.some(
    ({ driftStatus }) => driftStatus === 'MODIFIED' || driftStatus === 'DELETED',
  )
  return { DeploymentMode: 'REVERT_DRIFT', StackDriftStatus: isDrifted ? 'DRIFTED' : 'IN_SYNC' }
}

/** `withValues`: what the properties were and will be. */
export function changeView(change: PlannedChange, withValues: boolean): Change {
  const { driftStatus } = change
  const { physicalId, replacement, policy, changeSetId, beforeContext, afterContext } = change
  return {
    Type: 'Resource',
    ResourceChange: {
      ...(policy === undefined ? {} : { PolicyAction: policy }),
      Action: change.action,
      LogicalResourceId: change.logicalId,
      ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
      ResourceType: change.type,
      ...(replacement === undefined ? {} : { Replacement: replacement }),
      Scope: [...change.scope],
      ...(driftStatus === undefined ? {} : { ResourceDriftStatus: driftStatus }),
      Details: change.details.map((detail) => detailView(detail, withValues, driftStatus)),
      ...(changeSetId === undefined ? {} : { ChangeSetId: changeSetId }),
      ...(withValues && beforeContext !== undefined ? { BeforeContext: beforeContext } : {}),
      ...(withValues && afterContext !== undefined ? { AfterContext: afterContext } : {}),
    },
  }
}

function detailView(
  detail: ChangedProperty,
  withValues: boolean,
  driftStatus: PlannedChange['driftStatus'],
): ResourceChangeDetail {
  const { attribute, name, recreation, evaluation, source, cause } = detail
  return {
    Target: {
      Attribute: attribute,
      ...(name === undefined ? {} : { Name: name }),
      RequiresRecreation: recreation,
      ...(withValues && name !== undefined ? valuesView(detail, name) : {}),
      ...(withValues && driftStatus === 'MODIFIED'
        ? { BeforeValueFrom: 'ACTUAL_STATE' as const, AfterValueFrom: 'TEMPLATE' as const }
        : {}),
    },
    Evaluation: evaluation,
    ChangeSource: source,
    ...(cause === undefined ? {} : { CausingEntity: cause }),
  }
}

function valuesView({ before, after }: ChangedProperty, name: string): ResourceTargetDefinition {
  const changeType = before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify'
  return {
    Path: `/Properties/${name}`,
    ...(before === undefined ? {} : { BeforeValue: before }),
    ...(after === undefined ? {} : { AfterValue: after }),
    AttributeChangeType: changeType,
  }
}
