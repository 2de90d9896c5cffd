import type {
  ApplicationInfo,
  DeploymentConfigInfo,
  DeploymentInfo,
  DeploymentTarget as TargetView,
  InstanceSummary,
  LifecycleEvent as EventView,
  MinimumHealthyHosts,
} from '@aws-sdk/client-codedeploy'
import type { Application } from '../../deploy/application.ts'
import type { Deployment } from '../../deploy/deployment.ts'
import type { DeploymentConfig } from '../../deploy/deployment-config.ts'
import type { DeploymentTarget, LifecycleEvent } from '../../deploy/deployment-target.ts'
import { viewAlarms } from './alarm-settings.ts'
import { viewBlueGreen, viewTargetInstances } from './blue-green-settings.ts'
import { viewBalancer } from './balancer-names.ts'
import { viewAutoRollback, viewStyle } from './group-settings.ts'
import { viewZonal } from './zonal-settings.ts'
import { viewRevision } from './revision-location.ts'

export function viewApplication(application: Application): ApplicationInfo {
  return {
    applicationId: application.applicationId,
    applicationName: application.applicationName,
    createTime: new Date(application.createTime),
    linkedToGitHub: false,
    computePlatform: 'Server',
  }
}

export function viewConfig(config: DeploymentConfig): DeploymentConfigInfo {
  return {
    deploymentConfigId: config.deploymentConfigId,
    deploymentConfigName: config.deploymentConfigName,
    // OneAtATime has a type that AWS answers and its model does not name.
    minimumHealthyHosts: config.minimumHealthyHosts as MinimumHealthyHosts,
    ...(config.createTime !== undefined && { createTime: new Date(config.createTime) }),
    computePlatform: 'Server',
    ...(config.zonal && { zonalConfig: viewZonal(config.zonal) }),
  }
}

export function viewDeployment(deployment: Deployment): DeploymentInfo {
  const { startTime, completeTime, description, previousRevision, blueGreen } = deployment
  return {
    applicationName: deployment.applicationName,
    deploymentGroupName: deployment.deploymentGroupName,
    deploymentConfigName: deployment.deploymentConfigName,
    deploymentId: deployment.deploymentId,
    ...(previousRevision && { previousRevision: viewRevision(previousRevision) }),
    revision: viewRevision(deployment.revision),
    status: deployment.status,
    ...(deployment.errorInformation && { errorInformation: { ...deployment.errorInformation } }),
    createTime: new Date(deployment.createTime),
    ...(startTime !== undefined && { startTime: new Date(startTime) }),
    ...(completeTime !== undefined && { completeTime: new Date(completeTime) }),
    deploymentOverview: { ...deployment.overview },
    ...(description !== undefined && { description }),
    creator: deployment.creator,
    ignoreApplicationStopFailures: deployment.ignoreApplicationStopFailures,
    autoRollbackConfiguration: viewAutoRollback(deployment.autoRollback),
    ...(deployment.alarms && { overrideAlarmConfiguration: viewAlarms(deployment.alarms) }),
    updateOutdatedInstancesOnly: deployment.updateOutdatedInstancesOnly,
    ...(deployment.rollback && { rollbackInfo: { ...deployment.rollback } }),
    deploymentStyle: viewStyle(deployment),
    instanceTerminationWaitTimeStarted:
      blueGreen?.phase === 'terminationWait' || blueGreen?.phase === 'terminate',
    ...(blueGreen && {
      blueGreenDeploymentConfiguration: viewBlueGreen(blueGreen),
      targetInstances: viewTargetInstances(blueGreen.green),
    }),
    ...(deployment.targetGroupNames.length > 0 && {
      loadBalancerInfo: viewBalancer(deployment.targetGroupNames),
    }),
    ...(deployment.restartOf !== undefined && { deploymentMode: 'RESTART' as const }),
    fileExistsBehavior: deployment.fileExistsBehavior,
    deploymentStatusMessages: [],
    computePlatform: 'Server',
  }
}

export function viewTarget(target: DeploymentTarget): TargetView {
  return {
    deploymentTargetType: 'InstanceTarget',
    instanceTarget: {
      deploymentId: target.deploymentId,
      targetId: target.targetId,
      targetArn: target.targetArn,
      status: target.status,
      lastUpdatedAt: new Date(target.lastUpdatedAt),
      lifecycleEvents: target.events.map(viewEvent),
      ...(target.label && { instanceLabel: target.label }),
    },
  }
}

/** The deprecated form names an instance by its ARN. */
export function viewInstance(target: DeploymentTarget): InstanceSummary {
  return {
    deploymentId: target.deploymentId,
    instanceId: target.targetArn,
    status: target.status,
    lastUpdatedAt: new Date(target.lastUpdatedAt),
    lifecycleEvents: target.events.map(viewEvent),
    ...(target.label && { instanceType: target.label }),
  }
}

function viewEvent(event: LifecycleEvent): EventView {
  return {
    lifecycleEventName: event.name,
    ...(event.diagnostics && { diagnostics: { ...event.diagnostics } }),
    ...(event.startTime !== undefined && { startTime: new Date(event.startTime) }),
    ...(event.endTime !== undefined && { endTime: new Date(event.endTime) }),
    status: event.status,
  }
}
