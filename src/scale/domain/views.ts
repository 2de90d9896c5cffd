import type { Observation } from '../../kernel/observation.ts'
import type { HookTransition, MemberHooks } from './hooks.ts'

/** A member's life. `Pending` waits for its machine and for those who subscribed to launches. */
export type LifecycleState = 'Pending' | 'InService' | 'Terminating'

/** Which state may follow which. */
export const lifecycleTransitions = {
  Pending: ['InService', 'Terminating'],
  InService: ['Terminating'],
  Terminating: [],
} as const satisfies Record<LifecycleState, readonly LifecycleState[]>

/** Why an instance leaves its group. */
export type TakeOutReason =
  | 'ec2-health'
  | 'elb-health'
  | 'user-health'
  | 'scale-in'
  | 'rebalance'
  | 'delete'
  | 'abandoned'
  | 'user-request'

export type LaunchReason = 'capacity' | 'replacement' | 'rebalance'

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
  /** The transitions that some hook of the group holds. */
  readonly hooks: readonly HookTransition[]
}

export type InstancePhase = 'starting' | 'running' | 'stopped' | 'ending' | 'gone'
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
