import { serviceOf, type OperationDefinition, type Service } from '../../wire/service.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import type { CodeDeployDeps } from './codedeploy-operation.ts'
import { memberNotSupported } from './errors.ts'
import { addTagsToOnPremisesInstances } from './operations/add-tags-to-on-premises-instances.ts'
import { batchGetApplicationRevisions } from './operations/batch-get-application-revisions.ts'
import { batchGetApplications } from './operations/batch-get-applications.ts'
import { batchGetDeploymentGroups } from './operations/batch-get-deployment-groups.ts'
import { batchGetDeploymentInstances } from './operations/batch-get-deployment-instances.ts'
import { batchGetDeploymentTargets } from './operations/batch-get-deployment-targets.ts'
import { batchGetDeployments } from './operations/batch-get-deployments.ts'
import { batchGetOnPremisesInstances } from './operations/batch-get-on-premises-instances.ts'
import { continueDeployment } from './operations/continue-deployment.ts'
import { createApplication } from './operations/create-application.ts'
import { createDeploymentConfig } from './operations/create-deployment-config.ts'
import { createDeploymentGroup } from './operations/create-deployment-group.ts'
import { createDeployment } from './operations/create-deployment.ts'
import { deleteApplication } from './operations/delete-application.ts'
import { deleteDeploymentConfig } from './operations/delete-deployment-config.ts'
import { deleteDeploymentGroup } from './operations/delete-deployment-group.ts'
import { deleteGitHubAccountToken } from './operations/delete-git-hub-account-token.ts'
import { deleteResourcesByExternalId } from './operations/delete-resources-by-external-id.ts'
import { deregisterOnPremisesInstance } from './operations/deregister-on-premises-instance.ts'
import { getApplicationRevision } from './operations/get-application-revision.ts'
import { getApplication } from './operations/get-application.ts'
import { getDeploymentConfig } from './operations/get-deployment-config.ts'
import { getDeploymentGroup } from './operations/get-deployment-group.ts'
import { getDeploymentInstance } from './operations/get-deployment-instance.ts'
import { getDeploymentTarget } from './operations/get-deployment-target.ts'
import { getDeployment } from './operations/get-deployment.ts'
import { getOnPremisesInstance } from './operations/get-on-premises-instance.ts'
import { listApplicationRevisions } from './operations/list-application-revisions.ts'
import { listApplications } from './operations/list-applications.ts'
import { listDeploymentConfigs } from './operations/list-deployment-configs.ts'
import { listDeploymentGroups } from './operations/list-deployment-groups.ts'
import { listDeploymentInstances } from './operations/list-deployment-instances.ts'
import { listDeploymentTargets } from './operations/list-deployment-targets.ts'
import { listDeployments } from './operations/list-deployments.ts'
import { listGitHubAccountTokenNames } from './operations/list-git-hub-account-token-names.ts'
import { listOnPremisesInstances } from './operations/list-on-premises-instances.ts'
import { listTagsForResource } from './operations/list-tags-for-resource.ts'
import { putLifecycleEventHookExecutionStatus } from './operations/put-lifecycle-event-hook-execution-status.ts'
import { registerApplicationRevision } from './operations/register-application-revision.ts'
import { registerOnPremisesInstance } from './operations/register-on-premises-instance.ts'
import { removeTagsFromOnPremisesInstances } from './operations/remove-tags-from-on-premises-instances.ts'
import { skipWaitTimeForInstanceTermination } from './operations/skip-wait-time-for-instance-termination.ts'
import { stopDeployment } from './operations/stop-deployment.ts'
import { tagResource } from './operations/tag-resource.ts'
import { untagResource } from './operations/untag-resource.ts'
import { updateApplication } from './operations/update-application.ts'
import { updateDeploymentGroup } from './operations/update-deployment-group.ts'
import { applicationResource } from './stack-resources/application.ts'
import { deploymentConfigResource } from './stack-resources/deployment-config.ts'
import { deploymentGroupResource } from './stack-resources/deployment-group.ts'

/** The CodeDeploy API, on the deploy engine. */
export function codedeployService(deps: CodeDeployDeps): Service {
  const operations: Readonly<Record<string, OperationDefinition<never, object, CodeDeployDeps>>> = {
    AddTagsToOnPremisesInstances: addTagsToOnPremisesInstances,
    BatchGetApplicationRevisions: batchGetApplicationRevisions,
    BatchGetApplications: batchGetApplications,
    BatchGetDeploymentGroups: batchGetDeploymentGroups,
    BatchGetDeploymentInstances: batchGetDeploymentInstances,
    BatchGetDeploymentTargets: batchGetDeploymentTargets,
    BatchGetDeployments: batchGetDeployments,
    BatchGetOnPremisesInstances: batchGetOnPremisesInstances,
    ContinueDeployment: continueDeployment,
    CreateApplication: createApplication,
    CreateDeployment: createDeployment,
    CreateDeploymentConfig: createDeploymentConfig,
    CreateDeploymentGroup: createDeploymentGroup,
    DeleteApplication: deleteApplication,
    DeleteDeploymentConfig: deleteDeploymentConfig,
    DeleteDeploymentGroup: deleteDeploymentGroup,
    DeleteGitHubAccountToken: deleteGitHubAccountToken,
    DeleteResourcesByExternalId: deleteResourcesByExternalId,
    DeregisterOnPremisesInstance: deregisterOnPremisesInstance,
    GetApplication: getApplication,
    GetApplicationRevision: getApplicationRevision,
    GetDeployment: getDeployment,
    GetDeploymentConfig: getDeploymentConfig,
    GetDeploymentGroup: getDeploymentGroup,
    GetDeploymentInstance: getDeploymentInstance,
    GetDeploymentTarget: getDeploymentTarget,
    GetOnPremisesInstance: getOnPremisesInstance,
    ListApplicationRevisions: listApplicationRevisions,
    ListApplications: listApplications,
    ListDeploymentConfigs: listDeploymentConfigs,
    ListDeploymentGroups: listDeploymentGroups,
    ListDeploymentInstances: listDeploymentInstances,
    ListDeploymentTargets: listDeploymentTargets,
    ListDeployments: listDeployments,
    ListGitHubAccountTokenNames: listGitHubAccountTokenNames,
    ListOnPremisesInstances: listOnPremisesInstances,
    ListTagsForResource: listTagsForResource,
    PutLifecycleEventHookExecutionStatus: putLifecycleEventHookExecutionStatus,
    RegisterApplicationRevision: registerApplicationRevision,
    RegisterOnPremisesInstance: registerOnPremisesInstance,
    RemoveTagsFromOnPremisesInstances: removeTagsFromOnPremisesInstances,
    SkipWaitTimeForInstanceTermination: skipWaitTimeForInstanceTermination,
    StopDeployment: stopDeployment,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateApplication: updateApplication,
    UpdateDeploymentGroup: updateDeploymentGroup,
  }
  return serviceOf(deps, {
    id: 'codedeploy',
    countsInWholes: true,
    operations,
    refuseMember: memberNotSupported,
  })
}

export function codedeployResourceTypes(deps: CodeDeployDeps): readonly ResourceType[] {
  return [applicationResource(deps), deploymentConfigResource(deps), deploymentGroupResource(deps)]
}
