import type { TargetInstances } from '@aws-sdk/client-codedeploy'
import type { DeploymentGroup, InstanceSelection } from '../../../deploy/deployment-group.ts'
import { acceptsAlarms, openAlarms } from '../alarm-settings.ts'
import { openTargetInstances } from '../blue-green-settings.ts'
import type { CodeDeployOperation } from '../codedeploy-operation.ts'
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
    deploymentMode: is('STANDARD'),
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
    const green = greenOf(group, input.targetInstances)
    const outcome = await deps.deploy.start(scope, {
      group,
      config,
      revision: openRevision(input.revision),
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
