import type { Tag } from '../kernel/tags.ts'
import { kindOf } from '../store/records.ts'
import type { BlueGreenSettings } from './blue-green.ts'
import type { RevisionLocation } from './revision.ts'

export interface TagFilter {
  readonly Key?: string
  readonly Value?: string
  readonly Type: 'KEY_ONLY' | 'VALUE_ONLY' | 'KEY_AND_VALUE'
}

/** Which instances a deployment goes to: the union of all. */
export interface InstanceSelection {
  /** Any filter is enough. */
  readonly ec2TagFilters: readonly TagFilter[]
  /** One filter of each inner list. */
  readonly ec2TagSet: readonly (readonly TagFilter[])[]
  readonly autoScalingGroups: readonly string[]
  /** Registered servers of one's own; `filters` and `set` as for EC2. Absent: none. */
  readonly onPremises?: OnPremisesSelection
}

export interface OnPremisesSelection {
  readonly filters: readonly TagFilter[]
  readonly set: readonly (readonly TagFilter[])[]
}

/** Alarms that stop deployments; one that does not exist stops them too, unless that is to be ignored. */
export interface AlarmSettings {
  readonly enabled: boolean
  readonly ignorePollFailure: boolean
  readonly names: readonly string[]
}

export type TriggerEvent =
  | 'DeploymentStart'
  | 'DeploymentSuccess'
  | 'DeploymentFailure'
  | 'DeploymentStop'
  | 'DeploymentRollback'
  | 'DeploymentReady'
  | 'InstanceStart'
  | 'InstanceSuccess'
  | 'InstanceFailure'
  | 'InstanceReady'

/** Tells a topic of deployments and of their instances. */
export interface Trigger {
  readonly name: string
  readonly topicArn: string
  readonly events: readonly TriggerEvent[]
}

export type RollbackEvent =
  | 'DEPLOYMENT_FAILURE'
  | 'DEPLOYMENT_STOP_ON_REQUEST'
  | 'DEPLOYMENT_STOP_ON_ALARM'

export interface AutoRollback {
  readonly enabled: boolean
  readonly events: readonly RollbackEvent[]
}

export interface LastDeployment {
  readonly deploymentId: string
  readonly status: 'Succeeded' | 'Failed' | 'Stopped' | 'InProgress' | 'Created'
  readonly createTime: number
  readonly endTime?: number
}

export type FileExistsBehavior = 'DISALLOW' | 'OVERWRITE' | 'RETAIN'

export interface DeploymentGroup {
  readonly deploymentGroupId: string
  readonly applicationName: string
  readonly deploymentGroupName: string
  readonly deploymentConfigName: string
  readonly serviceRoleArn: string
  readonly selection: InstanceSelection
  readonly withTrafficControl: boolean
  /** Absent: in place. */
  readonly blueGreen?: BlueGreenSettings
  /** Names of the target groups that hosts leave and join. */
  readonly targetGroupNames: readonly string[]
  readonly autoRollback: AutoRollback
  readonly alarms?: AlarmSettings
  readonly triggers?: readonly Trigger[]
  /** Instances launched during a deployment get the last good revision at once and keep it. */
  readonly ignoresOutdatedInstances?: boolean
  /** Instances that their Auto Scaling group ends get a last deployment, which stops what runs on them. */
  readonly hasTerminationHook?: boolean
  readonly tags: readonly Tag[]
  /** Of the last good deployment, and how it was made: what a rollback goes back to. */
  readonly lastGood?: {
    readonly deploymentId: string
    readonly revision: RevisionLocation
    readonly fileExistsBehavior: FileExistsBehavior
  }
  readonly lastSuccessful?: LastDeployment
  readonly lastAttempted?: LastDeployment
}

/** Id: `<application>/<group>`; owner: the application's name. */
export const deploymentGroups = kindOf<DeploymentGroup>('deploy/group')

/** Of groups and of what belongs to them. Names hold no slash. */
export function groupKey(applicationName: string, deploymentGroupName: string): string {
  return `${applicationName}/${deploymentGroupName}`
}

/** What a group's last deployment did to one instance. Id: `<group id>/<instance>`; owner: the group's id. */
export interface HostState {
  readonly instanceId: string
  readonly healthy: boolean
  /** `locationKey` of the revision that was last deployed successfully. */
  readonly revision?: string
}

export const hostStates = kindOf<HostState>('deploy/host-state')
