import type { Scope } from '../kernel/scope.ts'
import { kindOf } from '../store/records.ts'
import { hooksPhase, type LifecycleHook, type MemberHooks } from './domain/hooks.ts'
import type { GroupMetric } from './domain/group-metrics.ts'
import {
  transitionOf,
  type HealthyRange,
  type LifecycleState,
  type Market,
  type Place,
  type TakeOutReason,
  type WarmStage,
} from './domain/views.ts'

export interface GroupTag {
  readonly Key: string
  readonly Value: string
  readonly PropagateAtLaunch: boolean
}

/** What an Auto Scaling group should be, as AWS names it. */
export interface Group {
  readonly name: string
  readonly arn: string
  readonly createdAt: number
  readonly launchTemplate: GroupTemplate
  /** The types that it launches, in the order in which they are tried; the template's own when absent. */
  readonly mixedInstances?: MixedInstances | undefined
  readonly minSize: number
  readonly maxSize: number
  readonly desiredCapacity: number
  /** Where instances go: subnets, or zones whose default subnets they take. */
  readonly places: readonly Place[]
  readonly defaultCooldownSeconds: number
  readonly healthCheckType: 'EC2' | 'ELB'
  readonly healthCheckGraceSeconds: number
  readonly targetGroupArns: readonly string[]
  readonly tags: readonly GroupTag[]
  readonly terminationPolicies: readonly string[]
  readonly newInstancesProtected: boolean
  readonly suspendedProcesses: readonly string[]
  readonly isDeleting: boolean
  /** Who changed the capacity last, in AWS's words: the first half of the next activities' causes, until it is reached. */
  readonly requestCause?: string | undefined
  readonly capacityChangedAt?: number | undefined
  /** Launches that failed in a row; the next one waits until `launchNotBefore`. */
  readonly launchFailures: number
  readonly launchNotBefore?: number | undefined
  /** No simple policy runs before, unless a user overrules it. */
  readonly cooldownUntil?: number | undefined
  readonly defaultWarmupSeconds?: number | undefined
  /** The instance refresh that it is at, and what launches are from meanwhile. */
  readonly activeRefreshId?: string | undefined
  readonly refreshTemplate?: GroupTemplate | undefined
  readonly refreshMixed?: MixedInstances | undefined
  readonly maxInstanceLifetimeSeconds?: number | undefined
  readonly maintenance?: HealthyRange | undefined
  /** Instances whose capacity is about to be taken back are replaced before it is. */
  readonly rebalancesCapacity?: boolean | undefined
  readonly lifecycleHooks?: readonly LifecycleHook[] | undefined
  /** Group metrics that are published to CloudWatch; none when absent. */
  readonly enabledMetrics?: readonly GroupMetric[] | undefined
  readonly warmPool?: WarmPool | undefined
}

/** Prepared instances beside the group, as PutWarmPool names them. */
export interface WarmPool {
  readonly state: 'Stopped' | 'Running'
  readonly minSize: number
  /** Of the pool and the desired capacity together; the group's maximum when absent. */
  readonly preparedMax?: number | undefined
  /** As given; false when absent. */
  readonly reusesOnScaleIn?: boolean | undefined
  readonly isDeleting: boolean
}

export interface GroupTemplate {
  readonly launchTemplateId: string
  readonly launchTemplateName: string
  /** `$Latest`, `$Default` or a number, as given: resolved at each launch. */
  readonly version: string
}

export interface MixedInstances {
  readonly overrides: readonly LaunchOverride[]
  /** Of types that an earlier policy weighed: their instances keep that weight. */
  readonly formerWeights?: Readonly<Record<string, number>>
  readonly distribution: {
    readonly onDemandBaseCapacity: number
    /** Of what is above the base; all of it when absent. */
    readonly onDemandPercent?: number
    readonly spotAllocationStrategy: string
    readonly spotInstancePools?: number
    readonly spotMaxPrice?: string
  }
}

export interface LaunchOverride {
  readonly instanceType: string
  readonly weightedCapacity?: string
  /** In place of the group's own. */
  readonly launchTemplate?: GroupTemplate
}

/** By name. */
export const groups = kindOf<Group>('scale/group')

/** An instance's place in its group, from before its launch to the end of its termination. */
export interface Member {
  /** Its own id: the launch's client token is derived from it, so that launching it twice is one instance. */
  readonly memberId: string
  readonly groupName: string
  readonly zone: string
  readonly subnetId?: string | undefined
  readonly instanceId?: string | undefined
  readonly imageId?: string | undefined
  /** Of a group of several types it is decided before the launch. */
  readonly instanceType?: string | undefined
  /** On demand when absent. */
  readonly market?: Market | undefined
  /** Resolved, once launched. */
  readonly launchTemplate?: GroupTemplate | undefined
  readonly lifecycle: LifecycleState
  readonly health: 'Healthy' | 'Unhealthy'
  readonly unhealthyReason?: TakeOutReason | undefined
  readonly isProtected: boolean
  /** Launched to even out the zones, beyond the desired capacity until it is in service. */
  readonly isRebalancing: boolean
  /** By id: the member that leaves for it, of a group of several types. */
  readonly replaces?: string | undefined
  readonly createdAt: number
  /** Since when its machine is to run. */
  readonly startingSince?: number | undefined
  readonly inServiceAt?: number | undefined
  readonly terminatingAt?: number | undefined
  readonly launchActivityId: string
  readonly terminateActivityId?: string | undefined
  /** Target groups that it was put into once; who takes it out of one (CodeDeploy) is not overruled. */
  readonly registeredIn: readonly string[]
  /** Those that it was taken out of, to be waited for. */
  readonly drainingFrom: readonly string[]
  /** What holds it, or held it, in the transition that it is in. */
  readonly hooks?: MemberHooks | undefined
  readonly warm?: WarmStage | undefined
}

/** By member id. Owner: the group's name. */
export const members = kindOf<Member>('scale/member')

type ActivityStatus = 'InProgress' | 'Successful' | 'Failed' | 'Cancelled'

/** What the group did, when and why: DescribeScalingActivities. */
export interface Activity {
  readonly activityId: string
  readonly groupName: string
  readonly groupArn: string
  readonly description: string
  readonly cause: string
  readonly startTime: number
  readonly endTime?: number | undefined
  readonly statusCode: ActivityStatus
  readonly statusMessage?: string | undefined
  readonly progress: number
  /** JSON text. */
  readonly details: string
  /** The topics that were to hear of its end have heard. */
  readonly isTold?: boolean
}

/** Owner: the group's name. */
export const activities = kindOf<Activity>('scale/activity')

/** A member's state as AWS shows it, `Pending:Wait` while a hook holds it. */
export function shownLifecycle(member: Member): string {
  const { lifecycle, hooks, warm } = member
  const shown =
    lifecycle === 'Terminating' && warm === 'leaving' ? `Warmed:${lifecycle}` : lifecycle
  if (!hooks || hooks.waits.length === 0) return shown
  if (hooks.transition !== transitionOf(member)) return shown
  return `${shown}:${hooksPhase(hooks) === 'wait' ? 'Wait' : 'Proceed'}`
}

/** Between what a member moves while hooks hold it, in AWS's words. */
export function routeOf({ lifecycle, warm }: Pick<Member, 'lifecycle' | 'warm'>): {
  readonly Origin: string
  readonly Destination: string
} {
  if (lifecycle === 'Warmed:Pending') {
    return { Origin: warm === 'returning' ? 'AutoScalingGroup' : 'EC2', Destination: 'WarmPool' }
  }
  if (lifecycle === 'Terminating') {
    return { Origin: warm === 'leaving' ? 'WarmPool' : 'AutoScalingGroup', Destination: 'EC2' }
  }
  return { Origin: warm ? 'WarmPool' : 'EC2', Destination: 'AutoScalingGroup' }
}

/** The client token of a member's launch. */
export function launchTokenOf(memberId: string): string {
  return `asg-${memberId}`
}

/** A group's record, where it is. */
export function groupAt(scope: Scope, name: string) {
  return { kind: groups, scope, id: name }
}
