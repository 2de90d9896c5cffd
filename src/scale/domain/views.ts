import type { Observation } from '../../kernel/observation.ts'
import type { HookTransition, MemberHooks } from './hooks.ts'

/** A member's life. `Pending` waits for its machine, for hooks and for those who subscribed to launches. */
export type LifecycleState =
  | 'Pending'
  | 'InService'
  | 'EnteringStandby'
  | 'Standby'
  | 'Detaching'
  | 'Terminating'

/** Which state may follow which. */
export const lifecycleTransitions = {
  Pending: ['InService', 'Terminating'],
  InService: ['EnteringStandby', 'Detaching', 'Terminating'],
  EnteringStandby: ['Standby', 'Terminating'],
  Standby: ['Pending', 'Detaching', 'Terminating'],
  Detaching: [],
  Terminating: [],
} as const satisfies Record<LifecycleState, readonly LifecycleState[]>

/** Neither of the staff nor on its way to its end: not counted, not checked, not served. */
export function isAside(lifecycle: LifecycleState): boolean {
  return lifecycle === 'EnteringStandby' || lifecycle === 'Standby' || lifecycle === 'Detaching'
}

/** Counts towards the desired capacity. */
export function isStaff(lifecycle: LifecycleState): boolean {
  return lifecycle === 'Pending' || lifecycle === 'InService'
}

/** Why an instance leaves its group. */
export type TakeOutReason =
  | 'ec2-health'
  | 'ec2-status'
  | 'elb-health'
  | 'user-health'
  | 'scale-in'
  | 'rebalance'
  | 'delete'
  | 'abandoned'
  | 'refresh'
  | 'lifetime'
  | 'user-request'

export type LaunchReason = 'capacity' | 'replacement' | 'rebalance' | 'refresh'

/** A zone that a group uses, and its subnet there; without one the zone's default subnet. */
export interface Place {
  readonly zone: string
  readonly subnetId?: string | undefined
}

/** The group as the plan sees it. */
export interface GroupView {
  readonly maxSize: number
  readonly desiredCapacity: number
  readonly places: readonly Place[]
  readonly usesTargetHealth: boolean
  readonly graceMilliseconds: number
  readonly targetGroupArns: readonly string[]
  readonly terminationPolicies: readonly string[]
  readonly suspended: readonly string[]
  readonly isDeleting: boolean
  readonly launchNotBefore: number
  /** Whether it still carries a request's cause or failures, to be cleared once the capacity is reached. */
  readonly isUnsettled: boolean
  readonly launchTemplateId: string
  readonly launchFailures: number
  /** Members that are to be replaced one after another, if any. */
  readonly replacement: ReplacementView | undefined
  /** How the living are replaced for their health; without it they go a third at a time. */
  readonly maintenance: HealthyRange | undefined
  /** The transitions that some hook of the group holds. */
  readonly hooks: readonly HookTransition[]
}

/** How few and how many instances may be healthy meanwhile, in percent of the desired capacity. */
export interface HealthyRange {
  readonly minPercent: number
  readonly maxPercent: number
}

/** Members that are to be replaced while the group goes on serving. */
export interface ReplacementView extends HealthyRange {
  /** By member id: why it goes. */
  readonly old: ReadonlyMap<string, TakeOutReason>
  /** How long a new one must be in service to count as healthy. */
  readonly warmupMilliseconds: number
  /** No more than this part of the desired capacity may be new by now: a checkpoint. */
  readonly newPercentMax: number
}

/** `impaired`: it runs and fails its status checks; `lost`: its zone is known to be broken. */
export type InstancePhase =
  | 'starting'
  | 'running'
  | 'impaired'
  | 'lost'
  | 'stopped'
  | 'ending'
  | 'gone'
export type TargetPhase = 'initial' | 'healthy' | 'unhealthy' | 'draining' | 'unused'

/** A member and what was seen of it. */
export interface MemberView {
  readonly memberId: string
  readonly instanceId: string | undefined
  /** Its record names the instance. An instance may be seen without that, after a crash between launch and record. */
  readonly isLaunched: boolean
  readonly zone: string
  readonly subnetId: string | undefined
  readonly lifecycle: LifecycleState
  readonly isHealthy: boolean
  readonly unhealthyReason: TakeOutReason | undefined
  readonly isProtected: boolean
  readonly isRebalancing: boolean
  readonly createdAt: number
  readonly inServiceAt: number | undefined
  readonly terminatingAt: number | undefined
  readonly launchTemplateId: string | undefined
  readonly templateVersion: number
  readonly registeredIn: readonly string[]
  readonly drainingFrom: readonly string[]
  /** What holds it, or held it, in the transition that it is in. */
  readonly hooks: MemberHooks | undefined
  /** Of its instance; `absent` also while it has none. */
  readonly instance: Observation<InstancePhase>
  /** By target group ARN: of those above. */
  readonly targets: Readonly<Record<string, Observation<TargetPhase>>>
}
