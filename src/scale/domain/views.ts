import type { Observation } from '../../kernel/observation.ts'
import type { HookTransition, MemberHooks } from './hooks.ts'

/**
 * A member's life. `Pending` waits for its machine, for hooks and for those who subscribed to launches. The states of the warm
 * pool are AWS's words; one that leaves the pool for good is `Terminating` as any other.
 */
export type LifecycleState =
  | 'Warmed:Pending'
  | 'Warmed:Stopped'
  | 'Warmed:Running'
  | 'Pending'
  | 'InService'
  | 'EnteringStandby'
  | 'Standby'
  | 'Detaching'
  | 'Terminating'

/** Which state may follow which. */
export const lifecycleTransitions = {
  'Warmed:Pending': ['Warmed:Stopped', 'Warmed:Running', 'Terminating'],
  'Warmed:Stopped': ['Pending', 'Terminating'],
  'Warmed:Running': ['Pending', 'Terminating'],
  Pending: ['InService', 'Terminating'],
  InService: ['EnteringStandby', 'Detaching', 'Terminating', 'Warmed:Pending'],
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

/** In the warm pool, or on its way into it: not counted, neither checked by balancers nor served. */
export function isPooled(lifecycle: LifecycleState): boolean {
  return lifecycle.startsWith('Warmed:')
}

/**
 * What a member has to do with the warm pool beside its state. Of `Warmed:Pending`: it comes back from service, or its machine was
 * asked to stop. Of `Pending`: it was drawn from the pool and its machine may have to be started, or was started. Of
 * `Terminating`: it was in the pool.
 */
export type WarmStage = 'returning' | 'stopping' | 'drawn' | 'started' | 'leaving'

/** The transition in which lifecycle hooks hold a member; undefined where none does. */
export function transitionOf(member: {
  readonly lifecycle: LifecycleState
  readonly warm?: WarmStage | undefined
}): HookTransition | undefined {
  const { lifecycle, warm } = member
  if (lifecycle === 'Terminating') return 'terminating'
  if (lifecycle === 'Warmed:Pending') return warm === 'returning' ? 'terminating' : 'launching'
  return lifecycle === 'Pending' ? 'launching' : undefined
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
  | 'spot'
  | 'pool'

export type LaunchReason = 'capacity' | 'replacement' | 'rebalance' | 'refresh' | 'spot' | 'pool'

/** How an instance is bought: spot may be interrupted. */
export type Market = 'on-demand' | 'spot'

/** What a launch of a group of several types is to be. */
export interface LaunchChoice {
  /** Of the template where the group lists none. */
  readonly instanceType?: string
  readonly weight: number
  readonly market: Market
}

/** Several types and two markets, as the plan sees them. */
export interface MixedView {
  /** In the order in which they are tried; none where the template's own is meant. */
  readonly types: readonly { readonly instanceType: string; readonly weight: number }[]
  /** In units: on demand before anything else is. */
  readonly onDemandBase: number
  readonly onDemandPercent: number
  /** Over how many types spot is spread. */
  readonly spotPools: number
}

/** A zone that a group uses, and its subnet there; without one the zone's default subnet. */
export interface Place {
  readonly zone: string
  readonly subnetId?: string | undefined
}

/** The group as the plan sees it. Its sizes are in units of capacity. */
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
  /** Absent where all launches are alike. */
  readonly mixed?: MixedView | undefined
  /** Its warm pool, if it has one. */
  readonly pool?: PoolView | undefined
}

/** A warm pool as the plan sees it. */
export interface PoolView {
  /** What its machines are once they are prepared. */
  readonly state: 'Stopped' | 'Running'
  readonly minSize: number
  /** Of the pool and the desired capacity together; the group's maximum when absent. */
  readonly preparedMax?: number | undefined
  readonly reusesOnScaleIn: boolean
  readonly isDeleting: boolean
  /** By member id: those that an instance refresh finds too old to serve. */
  readonly outdated: ReadonlySet<string>
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
  /** Members on standby that are ended. */
  readonly standby?: ReadonlySet<string>
  /** Units by which the group may be larger than its maximum meanwhile. */
  readonly overMax?: number
}

/** `impaired`: it runs and fails its status checks; `lost`: its zone is known to be broken. */
export type InstancePhase =
  | 'starting'
  | 'running'
  | 'impaired'
  | 'lost'
  | 'stopping'
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
  readonly instanceType: string | undefined
  readonly market: Market
  /** Units of capacity that it counts for. */
  readonly weight: number
  readonly lifecycle: LifecycleState
  readonly warm?: WarmStage | undefined
  readonly isHealthy: boolean
  readonly unhealthyReason: TakeOutReason | undefined
  readonly isProtected: boolean
  /** Its capacity is about to be taken back. */
  readonly isAtRisk?: boolean
  readonly isRebalancing: boolean
  /** The member that it was launched in the place of. */
  readonly replaces?: string | undefined
  readonly createdAt: number
  /** Since when its machine is to run, of one that is on its way. */
  readonly startingSince?: number | undefined
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
