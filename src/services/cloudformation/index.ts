import type { ResourceType } from '../../stacks/resource-type.ts'
import { serviceOf, type Service } from '../../wire/service.ts'
import type { CloudFormationDeps, CloudFormationTypeDeps } from './cloudformation-operation.ts'
import { asAwsError, unsupportedMember } from './errors.ts'
import { machineOperations } from './machine-access.ts'
import { cancelUpdateStack } from './operations/cancel-update-stack.ts'
import { continueUpdateRollback } from './operations/continue-update-rollback.ts'
import { createChangeSet } from './operations/create-change-set.ts'
import { createStack } from './operations/create-stack.ts'
import { deleteChangeSet } from './operations/delete-change-set.ts'
import { deleteStack } from './operations/delete-stack.ts'
import { describeChangeSet } from './operations/describe-change-set.ts'
import { describeStackEvents } from './operations/describe-stack-events.ts'
import { describeStackDriftDetectionStatus } from './operations/describe-stack-drift-detection-status.ts'
import { describeStackResourceDrifts } from './operations/describe-stack-resource-drifts.ts'
import { detectStackDrift } from './operations/detect-stack-drift.ts'
import { detectStackResourceDrift } from './operations/detect-stack-resource-drift.ts'
import { describeStackResource } from './operations/describe-stack-resource.ts'
import { describeStackResources } from './operations/describe-stack-resources.ts'
import { describeStacks } from './operations/describe-stacks.ts'
import { executeChangeSet } from './operations/execute-change-set.ts'
import { getStackPolicy } from './operations/get-stack-policy.ts'
import { getTemplate } from './operations/get-template.ts'
import { getTemplateSummary } from './operations/get-template-summary.ts'
import { listChangeSets } from './operations/list-change-sets.ts'
import { listExports } from './operations/list-exports.ts'
import { listImports } from './operations/list-imports.ts'
import { listStackResources } from './operations/list-stack-resources.ts'
import { listTypes } from './operations/list-types.ts'
import { describeType } from './operations/describe-type.ts'
import { listStacks } from './operations/list-stacks.ts'
import { updateStack } from './operations/update-stack.ts'
import { updateTerminationProtection } from './operations/update-termination-protection.ts'
import { rollbackStack } from './operations/rollback-stack.ts'
import { setStackPolicy } from './operations/set-stack-policy.ts'
import { signalResource } from './operations/signal-resource.ts'
import { cdkMetadataType } from './stack-resources/cdk-metadata.ts'
import { customResourceType } from './stack-resources/custom-resource.ts'
import { stackType } from './stack-resources/stack.ts'
import { waitConditionHandleType } from './stack-resources/wait-condition-handle.ts'
import { waitConditionType } from './stack-resources/wait-condition.ts'
import { validateTemplate } from './operations/validate-template.ts'

/** CloudFormation. */
export function cloudformationService(deps: CloudFormationDeps): Service {
  return serviceOf(deps, {
    id: 'cloudformation',
    countsInWholes: true,
    machineOperations,
    refuseMember: unsupportedMember,
    asAwsError,
    operations: {
      CancelUpdateStack: cancelUpdateStack,
      ContinueUpdateRollback: continueUpdateRollback,
      CreateChangeSet: createChangeSet,
      CreateStack: createStack,
      DeleteChangeSet: deleteChangeSet,
      DeleteStack: deleteStack,
      DescribeChangeSet: describeChangeSet,
      DescribeStackEvents: describeStackEvents,
      DescribeStackResource: describeStackResource,
      DescribeStackResources: describeStackResources,
      DescribeStackDriftDetectionStatus: describeStackDriftDetectionStatus,
      DescribeStackResourceDrifts: describeStackResourceDrifts,
      DescribeStacks: describeStacks,
      DescribeType: describeType,
      DetectStackDrift: detectStackDrift,
      DetectStackResourceDrift: detectStackResourceDrift,
      ExecuteChangeSet: executeChangeSet,
      GetStackPolicy: getStackPolicy,
      GetTemplate: getTemplate,
      GetTemplateSummary: getTemplateSummary,
      ListExports: listExports,
      ListImports: listImports,
      ListChangeSets: listChangeSets,
      ListStackResources: listStackResources,
      ListStacks: listStacks,
      ListTypes: listTypes,
      RollbackStack: rollbackStack,
      SetStackPolicy: setStackPolicy,
      SignalResource: signalResource,
      UpdateStack: updateStack,
      UpdateTerminationProtection: updateTerminationProtection,
      ValidateTemplate: validateTemplate,
    },
  })
}

export function cloudformationResourceTypes(deps: CloudFormationTypeDeps): readonly ResourceType[] {
  return [
    customResourceType(deps),
    stackType(deps),
    waitConditionHandleType(deps),
    waitConditionType(),
    cdkMetadataType(),
  ]
}
