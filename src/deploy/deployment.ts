import { kindOf } from '../store/records.ts'
import type { BlueGreenCourse } from './blue-green.ts'
import type { MinimumHealthyHosts } from './domain/minimum-healthy.ts'
import type { ZonalConfig } from './domain/zonal-rollout.ts'
import type {
  AlarmSettings,
  AutoRollback,
  FileExistsBehavior,
  InstanceSelection,
  Trigger,
} from './deployment-group.ts'
import type { RevisionLocation } from './revision.ts'

export type DeploymentStatus =
  | 'Created'
  | 'Queued'
  | 'InProgress'
  | 'Ready'
  | 'Succeeded'
  | 'Failed'
  | 'Stopped'

export type DeploymentCreator =
  | 'user'
  | 'autoscaling'
  | 'autoscalingTermination'
  | 'codeDeployRollback'
  | 'CloudFormation'

/** AWS's codes that we have a use for. */
export type DeploymentErrorCode =
  | 'HEALTH_CONSTRAINTS'
  | 'HEALTH_CONSTRAINTS_INVALID'
  | 'NO_INSTANCES'
  | 'OVER_MAX_INSTANCES'
  | 'REVISION_MISSING'
  | 'INVALID_REVISION'
  | 'DEPLOYMENT_GROUP_MISSING'
  | 'MANUAL_STOP'
  | 'ELASTIC_LOAD_BALANCING_INVALID'
  | 'AUTO_SCALING_CONFIGURATION'
  | 'TIMEOUT'
  | 'ALARM_ACTIVE'

export interface DeploymentError {
  readonly code: DeploymentErrorCode
  readonly message: string
}

export interface DeploymentEnd {
  readonly status: 'Succeeded' | 'Failed' | 'Stopped'
  readonly error?: DeploymentError
}

export interface DeploymentOverview {
  readonly Pending: number
  readonly InProgress: number
  readonly Succeeded: number
  readonly Failed: number
  readonly Skipped: number
  readonly Ready: number
}

export const noOverview: DeploymentOverview = {
  Pending: 0,
  InProgress: 0,
  Succeeded: 0,
  Failed: 0,
  Skipped: 0,
  Ready: 0,
}

/** Everything that its group said when it was made is copied: an edit of the group does not touch a deployment under way. */
export interface Deployment {
  readonly deploymentId: string
  readonly applicationName: string
  readonly deploymentGroupName: string
  readonly deploymentGroupId: string
  readonly deploymentConfigName: string
  readonly minimumHealthyHosts: MinimumHealthyHosts
  readonly zonal?: ZonalConfig
  readonly revision: RevisionLocation
  readonly previousRevision?: RevisionLocation
  readonly status: DeploymentStatus
  readonly creator: DeploymentCreator
  readonly createTime: number
  readonly startTime?: number
  readonly completeTime?: number
  readonly description?: string
  readonly selection: InstanceSelection
  /** To just this one, a new or a leaving member of an Auto Scaling group. */
  readonly instanceId?: string
  readonly withTrafficControl: boolean
  /** Absent: in place. */
  readonly blueGreen?: BlueGreenCourse
  readonly targetGroupNames: readonly string[]
  readonly autoRollback: AutoRollback
  readonly ignoreApplicationStopFailures: boolean
  readonly updateOutdatedInstancesOnly: boolean
  readonly fileExistsBehavior: FileExistsBehavior
  /** Nothing is downloaded: hosts take the revision from what they have of this deployment, the group's last good one. */
  readonly restartOf?: string
  /** Agents are told when it is not `appspec.yml`. */
  readonly appspecFileName: string
  readonly overview: DeploymentOverview
  /** By somebody, or by alarms: which, and in what state. */
  readonly stopRequested?: { readonly rollback?: boolean; readonly alarms?: string }
  readonly alarms?: AlarmSettings
  readonly triggers?: readonly Trigger[]
  /** Decided on; its hosts are being ended. */
  readonly ending?: DeploymentEnd
  readonly errorInformation?: DeploymentError
  readonly rollback?: {
    readonly rollbackDeploymentId?: string
    readonly rollbackTriggeringDeploymentId?: string
    readonly rollbackMessage?: string
  }
}

/** By id; owner: its group's key. */
export const deployments = kindOf<Deployment>('deploy/deployment')

export function isFinished(status: DeploymentStatus): boolean {
  return status === 'Succeeded' || status === 'Failed' || status === 'Stopped'
}

/**
 * Deployments that are not finished. Id: the group's key, or `<group's key>#<instance>` for the deployment to a new
 * instance: that is how a group has one active deployment at most.
 */
export interface ActiveDeployment {
  readonly deploymentId: string
}

export const activeDeployments = kindOf<ActiveDeployment>('deploy/active')

export function activeKey(deployment: Deployment): string {
  const group = `${deployment.applicationName}/${deployment.deploymentGroupName}`
  return deployment.instanceId === undefined ? group : `${group}#${deployment.instanceId}`
}
