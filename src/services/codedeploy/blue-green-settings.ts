import type { BlueGreenDeploymentConfiguration, TargetInstances } from '@aws-sdk/client-codedeploy'
import type { BlueGreenSettings } from '../../deploy/blue-green.ts'
import type { InstanceSelection } from '../../deploy/deployment-group.ts'
import { is } from '../../wire/accept.ts'
import type { AcceptTree } from '../../wire/service.ts'
import * as errors from './errors.ts'
import { openTagFilters, openTagSet, viewTagSet } from './instance-selection.ts'

export const acceptsBlueGreen: AcceptTree = {
  terminateBlueInstancesOnDeploymentSuccess: {
    action: is('TERMINATE', 'KEEP_ALIVE'),
    terminationWaitTimeInMinutes: true,
  },
  deploymentReadyOption: {
    actionOnTimeout: is('CONTINUE_DEPLOYMENT', 'STOP_DEPLOYMENT'),
    waitTimeInMinutes: true,
  },
  greenFleetProvisioningOption: { action: is('DISCOVER_EXISTING', 'COPY_AUTO_SCALING_GROUP') },
}

/** AWS's bound for both waits: two days. */
const waitMinutesMax = 2880

/** What a request says of blue/green; a part that it does not speak of is as AWS's console sets it. */
export function openBlueGreen(configuration: BlueGreenDeploymentConfiguration): BlueGreenSettings {
  const ready = configuration.deploymentReadyOption ?? {}
  const blue = configuration.terminateBlueInstancesOnDeploymentSuccess ?? {}
  const readyAction = ready.actionOnTimeout ?? 'CONTINUE_DEPLOYMENT'
  const blueAction = blue.action ?? 'TERMINATE'
  if (readyAction === 'CONTINUE_DEPLOYMENT' && (ready.waitTimeInMinutes ?? 0) > 0) {
    throw errors.invalidBlueGreen(
      'waitTimeInMinutes is for actionOnTimeout STOP_DEPLOYMENT; with CONTINUE_DEPLOYMENT traffic is rerouted at once',
    )
  }
  if (blueAction === 'KEEP_ALIVE' && (blue.terminationWaitTimeInMinutes ?? 0) > 0) {
    throw errors.invalidBlueGreen('terminationWaitTimeInMinutes is for the action TERMINATE')
  }
  return {
    greenFleet: configuration.greenFleetProvisioningOption?.action ?? 'DISCOVER_EXISTING',
    readyAction,
    readyWaitMinutes: waitMinutes('waitTimeInMinutes', ready.waitTimeInMinutes),
    blueAction,
    terminationWaitMinutes: waitMinutes(
      'terminationWaitTimeInMinutes',
      blue.terminationWaitTimeInMinutes,
    ),
  }
}

function waitMinutes(member: string, minutes = 0): number {
  if (minutes >= 0 && minutes <= waitMinutesMax) return minutes
  throw errors.invalidBlueGreen(`${member} is from 0 to ${waitMinutesMax} minutes`)
}

export function viewBlueGreen(settings: BlueGreenSettings): BlueGreenDeploymentConfiguration {
  return {
    terminateBlueInstancesOnDeploymentSuccess: {
      action: settings.blueAction,
      ...(settings.blueAction === 'TERMINATE' && {
        terminationWaitTimeInMinutes: settings.terminationWaitMinutes,
      }),
    },
    deploymentReadyOption: {
      actionOnTimeout: settings.readyAction,
      ...(settings.readyAction === 'STOP_DEPLOYMENT' && {
        waitTimeInMinutes: settings.readyWaitMinutes,
      }),
    },
    greenFleetProvisioningOption: { action: settings.greenFleet },
  }
}

/** The replacement environment that CreateDeployment names. */
export function openTargetInstances(given: TargetInstances): InstanceSelection {
  const selection = {
    ec2TagFilters: openTagFilters(given.tagFilters),
    ec2TagSet: openTagSet(given.ec2TagSet),
    autoScalingGroups: given.autoScalingGroups ?? [],
  }
  const { ec2TagFilters, ec2TagSet, autoScalingGroups } = selection
  if (ec2TagFilters.length > 0 && ec2TagSet.length > 0) throw errors.invalidTagCombination()
  if (ec2TagFilters.length + ec2TagSet.length + autoScalingGroups.length === 0) {
    throw errors.invalidTargetInstances('targetInstances needs tags or Auto Scaling groups')
  }
  return selection
}

export function viewTargetInstances(green: InstanceSelection): TargetInstances {
  return {
    tagFilters: green.ec2TagFilters.map((filter) => ({ ...filter })),
    autoScalingGroups: [...green.autoScalingGroups],
    ...viewTagSet(green.ec2TagSet),
  }
}
