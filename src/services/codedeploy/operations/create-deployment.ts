import type { CreateDeploymentInput, TargetInstances } from '@aws-sdk/client-codedeploy'
import type { DeploymentGroup, InstanceSelection } from '../../../deploy/deployment-group.ts'
import { acceptsAlarms, openAlarms } from '../alarm-settings.ts'
import { openTargetInstances } from '../blue-green-settings.ts'
import { deployments } from '../../../deploy/deployment.ts'
import type { StartRequest } from '../../../deploy/start-deployment.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { CodeDeployDeps, CodeDeployOperation } from '../codedeploy-operation.ts'
import { findGroup } from '../find-records.ts'
import { findConfig } from '../../../deploy/find-config.ts'
import { is } from '../../../wire/accept.ts'
import * as errors from '../errors.ts'
import { acceptsRevision, openRevision } from '../revision-location.ts'
import { openAutoRollback } from '../group-settings.ts'

export const createDeployment: CodeDeployOperation<'CreateDeployment'> = {
  accepts: {
    applicationName: true,
    deploymentGroupName: true,
    revision: acceptsRevision,
    deploymentConfigName: true,
    description: true,
    ignoreApplicationStopFailures: true,
    autoRollbackConfiguration: true,
    updateOutdatedInstancesOnly: true,
    fileExistsBehavior: (value) =>
      value === 'DISALLOW' || value === 'OVERWRITE' || value === 'RETAIN',
    deploymentMode: is('STANDARD', 'RESTART'),
    targetInstances: { tagFilters: true, autoScalingGroups: true, ec2TagSet: true },
    overrideAlarmConfiguration: acceptsAlarms,
  },
  async handle(input, request, deps) {
    const { scope } = request
    const { value: group } = await findGroup(deps, scope, {
      application: input.applicationName,
      group: input.deploymentGroupName,
    })
    if ((input.description?.length ?? 0) > 256) throw errors.descriptionTooLong()
    const configName = input.deploymentConfigName ?? group.deploymentConfigName
    const config = await findConfig(deps.deploy.store, scope, configName)
    if (!config) throw errors.deploymentConfigDoesNotExist(configName)
    const isRestart = input.deploymentMode === 'RESTART'
    const revision = isRestart
      ? await openRestart(deps, scope, { group, input })
      : { revision: openRevision(input.revision) }
    const green = greenOf(group, input.targetInstances)
    const outcome = await deps.deploy.start(scope, {
      group,
      config,
      ...revision,
      creator: 'user',
      ...(green && { green }),
      ...(input.description !== undefined && { description: input.description }),
      ignoreApplicationStopFailures: input.ignoreApplicationStopFailures ?? false,
      updateOutdatedInstancesOnly: input.updateOutdatedInstancesOnly ?? false,
      fileExistsBehavior: input.fileExistsBehavior ?? 'DISALLOW',
      ...(input.overrideAlarmConfiguration && {
        alarms: openAlarms(input.overrideAlarmConfiguration),
      }),
      ...(input.autoRollbackConfiguration && {
        autoRollback: openAutoRollback(input.autoRollbackConfiguration),
      }),
    })
    if (!outcome.ok) {
      throw errors.deploymentLimitExceeded(group.deploymentGroupName, outcome.activeDeploymentId)
    }
    return { deploymentId: outcome.deploymentId }
  },
}

/** The revision of the group's last good deployment, which is named nowhere else. */
async function openRestart(
  deps: CodeDeployDeps,
  scope: Scope,
  of: { readonly group: DeploymentGroup; readonly input: CreateDeploymentInput },
): Promise<Pick<StartRequest, 'revision' | 'restartOf'>> {
  const { group, input } = of
  if (input.revision) throw errors.invalidRevision('A RESTART deployment names no revision')
  if (input.updateOutdatedInstancesOnly) throw errors.restartIsForAll()
  if (group.blueGreen) {
    throw errors.invalidDeploymentStyle('A RESTART deployment is IN_PLACE')
  }
  const last = group.lastGood
  if (!last) {
    throw errors.revisionRequired('The deployment group has no successful deployment to restart')
  }
  const { value } = (await deps.deploy.store.find(deployments, scope, last.deploymentId)) ?? {}
  const restartOf = {
    deploymentId: last.deploymentId,
    appspecFileName: value?.appspecFileName ?? 'appspec.yml',
  }
  return { revision: last.revision, restartOf }
}

/** Only DISCOVER_EXISTING names its replacement environment, and must. */
function greenOf(
  group: DeploymentGroup,
  given: TargetInstances | undefined,
): InstanceSelection | undefined {
  const discovers = group.blueGreen?.greenFleet === 'DISCOVER_EXISTING'
  if (discovers && given) return openTargetInstances(given)
  if (discovers) throw errors.invalidTargetInstances('DISCOVER_EXISTING needs targetInstances')
  if (!given) return undefined
  throw errors.invalidTargetInstances(
    'targetInstances is for blue/green deployments whose greenFleetProvisioningOption is DISCOVER_EXISTING',
  )
}
