import type {
  CreateDeploymentGroupInput,
  AutoRollbackConfiguration,
  DeploymentGroupInfo,
  LastDeploymentInfo,
} from '@aws-sdk/client-codedeploy'
import type {
  AutoRollback,
  DeploymentGroup,
  InstanceSelection,
  LastDeployment,
  RollbackEvent,
} from '../../deploy/deployment-group.ts'
import { findConfig } from '../../deploy/find-config.ts'
import type { Scope } from '../../kernel/scope.ts'
import { empty, is } from '../../wire/accept.ts'
import type { AcceptTree } from '../../wire/service.ts'
import type { CodeDeployDeps } from './codedeploy-operation.ts'
import * as errors from './errors.ts'
import { acceptsAlarms, openAlarms, viewAlarms } from './alarm-settings.ts'
import { acceptsBlueGreen, openBlueGreen, viewBlueGreen } from './blue-green-settings.ts'
import {
  openOnPremises,
  openTagFilters,
  openTagSet,
  viewOnPremisesSelection,
  viewTagSet,
} from './instance-selection.ts'
import {
  acceptsBalancers,
  balancerMissing,
  balancerNamesOf,
  viewBalancer,
} from './balancer-names.ts'
import { openTriggers, viewTriggers } from './trigger-settings.ts'
import * as names from './name-rules.ts'
import { viewRevision } from './revision-location.ts'

/** Members of a group that CreateDeploymentGroup and UpdateDeploymentGroup both have. */
export const acceptsGroupSettings: AcceptTree = {
  applicationName: true,
  deploymentConfigName: true,
  ec2TagFilters: true,
  ec2TagSet: true,
  autoScalingGroups: true,
  serviceRoleArn: true,
  autoRollbackConfiguration: true,
  loadBalancerInfo: acceptsBalancers,
  deploymentStyle: {
    deploymentType: is('IN_PLACE', 'BLUE_GREEN'),
    deploymentOption: is('WITH_TRAFFIC_CONTROL', 'WITHOUT_TRAFFIC_CONTROL'),
  },
  blueGreenDeploymentConfiguration: acceptsBlueGreen,
  onPremisesInstanceTagFilters: true,
  onPremisesTagSet: true,
  triggerConfigurations: true,
  ecsServices: empty,
  alarmConfiguration: acceptsAlarms,
  outdatedInstancesStrategy: is('UPDATE', 'IGNORE'),
  terminationHookEnabled: true,
}

type GroupSettings = Partial<
  Pick<
    CreateDeploymentGroupInput,
    | 'deploymentConfigName'
    | 'ec2TagFilters'
    | 'ec2TagSet'
    | 'onPremisesInstanceTagFilters'
    | 'onPremisesTagSet'
    | 'autoScalingGroups'
    | 'serviceRoleArn'
    | 'autoRollbackConfiguration'
    | 'loadBalancerInfo'
    | 'deploymentStyle'
    | 'blueGreenDeploymentConfiguration'
    | 'alarmConfiguration'
    | 'outdatedInstancesStrategy'
    | 'triggerConfigurations'
    | 'terminationHookEnabled'
  >
>

/** The group with what a request says of it; what it does not speak of stays. Throws AWS's errors. */
export async function withSettings(
  deps: CodeDeployDeps,
  scope: Scope,
  group: DeploymentGroup,
  input: GroupSettings,
): Promise<DeploymentGroup> {
  const { blueGreen: _blueGreen, ...others } = group
  const blueGreen = blueGreenOf(group, input)
  const next: DeploymentGroup = {
    ...others,
    ...(blueGreen && { blueGreen }),
    deploymentConfigName: input.deploymentConfigName ?? group.deploymentConfigName,
    serviceRoleArn: input.serviceRoleArn ?? group.serviceRoleArn,
    selection: selectionOf(group.selection, input),
    withTrafficControl: input.deploymentStyle
      ? input.deploymentStyle.deploymentOption === 'WITH_TRAFFIC_CONTROL'
      : group.withTrafficControl,
    targetGroupNames: input.loadBalancerInfo
      ? balancerNamesOf(input.loadBalancerInfo)
      : group.targetGroupNames,
    ignoresOutdatedInstances:
      input.outdatedInstancesStrategy === undefined
        ? (group.ignoresOutdatedInstances ?? false)
        : input.outdatedInstancesStrategy === 'IGNORE',
    hasTerminationHook: input.terminationHookEnabled ?? group.hasTerminationHook ?? false,
    autoRollback: input.autoRollbackConfiguration
      ? openAutoRollback(input.autoRollbackConfiguration)
      : group.autoRollback,
  }
  const alarms = input.alarmConfiguration ? openAlarms(input.alarmConfiguration) : group.alarms
  const triggers = openTriggers(deps.deploy, input.triggerConfigurations) ?? group.triggers
  await check(deps, scope, next)
  return { ...next, ...(alarms && { alarms }), ...(triggers && { triggers }) }
}

/** The style says whether a group deploys blue/green; the configuration how. */
function blueGreenOf(
  group: DeploymentGroup,
  input: GroupSettings,
): DeploymentGroup['blueGreen'] | undefined {
  const { deploymentStyle, blueGreenDeploymentConfiguration: given } = input
  const isBlueGreen = deploymentStyle
    ? deploymentStyle.deploymentType === 'BLUE_GREEN'
    : group.blueGreen !== undefined
  if (isBlueGreen) return given || !group.blueGreen ? openBlueGreen(given ?? {}) : group.blueGreen
  if (given && Object.keys(given).length > 0) {
    throw errors.invalidBlueGreen(
      'blueGreenDeploymentConfiguration needs a deploymentStyle with the deploymentType BLUE_GREEN',
    )
  }
  return undefined
}

async function check(deps: CodeDeployDeps, scope: Scope, group: DeploymentGroup): Promise<void> {
  const { store, groups, targets } = deps.deploy
  const config = names.deploymentConfigName(group.deploymentConfigName)
  if (!(await findConfig(store, scope, config))) throw errors.deploymentConfigDoesNotExist(config)
  if (group.serviceRoleArn === '') throw errors.roleRequired()
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+/.test(group.serviceRoleArn)) {
    throw errors.invalidRole(group.serviceRoleArn)
  }
  for (const name of group.selection.autoScalingGroups) {
    if (!(await groups.members(scope, name))) throw errors.invalidAutoScalingGroup(name)
  }
  if (group.blueGreen && !group.withTrafficControl) {
    throw errors.invalidDeploymentStyle(
      'BLUE_GREEN needs the deploymentOption WITH_TRAFFIC_CONTROL',
    )
  }
  const { filters = [], set = [] } = group.selection.onPremises ?? {}
  if (group.blueGreen && filters.length + set.length > 0) {
    throw errors.invalidBlueGreen('On-premises instances are deployed to in place only')
  }
  const copies = group.blueGreen?.greenFleet === 'COPY_AUTO_SCALING_GROUP'
  if (copies && group.selection.autoScalingGroups.length !== 1) {
    throw errors.invalidBlueGreen('COPY_AUTO_SCALING_GROUP needs exactly one Auto Scaling group')
  }
  if (group.withTrafficControl && group.targetGroupNames.length === 0) {
    throw errors.invalidLoadBalancer(
      'WITH_TRAFFIC_CONTROL needs loadBalancerInfo with a targetGroupInfoList or an elbInfoList',
    )
  }
  for (const name of group.targetGroupNames) {
    if ((await targets.arnOfName(scope, name)) === undefined) {
      throw balancerMissing(name)
    }
  }
}

function selectionOf(current: InstanceSelection, input: GroupSettings): InstanceSelection {
  const filters = input.ec2TagFilters ? openTagFilters(input.ec2TagFilters) : undefined
  const set = input.ec2TagSet ? openTagSet(input.ec2TagSet) : undefined
  if (filters && filters.length > 0 && set && set.length > 0) throw errors.invalidTagCombination()
  const onPremises = openOnPremises(current.onPremises, input)
  return {
    ...(onPremises && { onPremises }),
    // Either form replaces the other.
    ec2TagFilters: filters ?? (set && set.length > 0 ? [] : current.ec2TagFilters),
    ec2TagSet: set ?? (filters && filters.length > 0 ? [] : current.ec2TagSet),
    autoScalingGroups: input.autoScalingGroups ?? current.autoScalingGroups,
  }
}

const rollbackEvents: readonly string[] = [
  'DEPLOYMENT_FAILURE',
  'DEPLOYMENT_STOP_ON_REQUEST',
  'DEPLOYMENT_STOP_ON_ALARM',
]

export function openAutoRollback(configuration: AutoRollbackConfiguration): AutoRollback {
  const events = configuration.events ?? []
  const unknown = events.find((event) => !rollbackEvents.includes(event))
  if (unknown !== undefined) {
    throw errors.invalidAutoRollback(
      `The rollback event ${unknown} is not supported here; ${rollbackEvents.join(' and ')} are`,
    )
  }
  if (configuration.enabled && events.length === 0) {
    throw errors.invalidAutoRollback('An enabled rollback needs events')
  }
  return { enabled: configuration.enabled ?? false, events: events as readonly RollbackEvent[] }
}

export function viewAutoRollback(rollback: AutoRollback): AutoRollbackConfiguration {
  return { enabled: rollback.enabled, events: [...rollback.events] }
}

export function viewGroup(group: DeploymentGroup): DeploymentGroupInfo {
  const { selection } = group
  return {
    applicationName: group.applicationName,
    deploymentGroupId: group.deploymentGroupId,
    deploymentGroupName: group.deploymentGroupName,
    deploymentConfigName: group.deploymentConfigName,
    ec2TagFilters: selection.ec2TagFilters.map((filter) => ({ ...filter })),
    ...viewTagSet(selection.ec2TagSet),
    ...viewOnPremisesSelection(selection.onPremises),
    autoScalingGroups: selection.autoScalingGroups.map((name) => ({ name })),
    serviceRoleArn: group.serviceRoleArn,
    ...(group.lastGood && { targetRevision: viewRevision(group.lastGood.revision) }),
    triggerConfigurations: viewTriggers(group.triggers),
    autoRollbackConfiguration: viewAutoRollback(group.autoRollback),
    ...(group.alarms && { alarmConfiguration: viewAlarms(group.alarms) }),
    deploymentStyle: viewStyle(group),
    ...(group.blueGreen && { blueGreenDeploymentConfiguration: viewBlueGreen(group.blueGreen) }),
    outdatedInstancesStrategy: group.ignoresOutdatedInstances ? 'IGNORE' : 'UPDATE',
    ...(group.targetGroupNames.length > 0 && {
      loadBalancerInfo: viewBalancer(group.targetGroupNames),
    }),
    ...(group.lastSuccessful && { lastSuccessfulDeployment: viewLast(group.lastSuccessful) }),
    ...(group.lastAttempted && { lastAttemptedDeployment: viewLast(group.lastAttempted) }),
    computePlatform: 'Server',
    terminationHookEnabled: group.hasTerminationHook ?? false,
  }
}

export function viewStyle(of: {
  readonly withTrafficControl: boolean
  readonly blueGreen?: object
}): {
  deploymentType: 'IN_PLACE' | 'BLUE_GREEN'
  deploymentOption: 'WITH_TRAFFIC_CONTROL' | 'WITHOUT_TRAFFIC_CONTROL'
} {
  return {
    deploymentType: of.blueGreen ? 'BLUE_GREEN' : 'IN_PLACE',
    deploymentOption: of.withTrafficControl ? 'WITH_TRAFFIC_CONTROL' : 'WITHOUT_TRAFFIC_CONTROL',
  }
}

function viewLast(last: LastDeployment): LastDeploymentInfo {
  return {
    deploymentId: last.deploymentId,
    status: last.status,
    createTime: new Date(last.createTime),
    ...(last.endTime !== undefined && { endTime: new Date(last.endTime) }),
  }
}
