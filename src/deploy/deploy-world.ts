import type { Targets } from '../balance/targets.ts'
import type { Instances } from '../compute/instance.ts'
import type { Scope } from '../kernel/scope.ts'
import type { ObjectReader } from '../objects/objects.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Scale } from '../scale/scale.ts'
import type { BundleReader } from './bundle-reader.ts'
import type { HostHearing } from './heard-hosts.ts'
import type { DeployLimits } from './plan-target.ts'
import type { TriggerMessage } from './trigger-message.ts'
import type { WatchedRecords } from './watched-records.ts'

/** Of Auto Scaling groups: what is in them, and what blue/green deployments do with whole ones. */
export type Fleets = Pick<
  Scale,
  'members' | 'targetGroupArns' | 'subscribe' | 'find' | 'create' | 'change' | 'remove'
>

export interface AlarmStates {
  /** Undefined when there is no such alarm. */
  state(scope: Scope, name: string): Promise<'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | undefined>
}

/** Gives a message to a topic. False: it could not be given now, and is to be tried again. */
export type Notifier = (scope: Scope, message: TriggerMessage) => Promise<boolean>

/** The engines that deployments work with. */
export interface DeployPorts {
  readonly instances: Instances
  readonly groups: Fleets
  readonly targets: Targets
  readonly objects: ObjectReader
  readonly bundles: BundleReader
  /** Undefined where there are none: groups with alarms are refused then. */
  readonly alarms?: AlarmStates
  /** Undefined where there are no topics: groups with triggers are refused then. */
  readonly notify?: Notifier
  readonly limits?: Partial<DeployLimits>
}

/** What the engine's own parts share. */
export interface DeployWorld extends DeployPorts {
  readonly context: EngineContext
  readonly limits: DeployLimits
  /** Silence of agents is counted from here at the earliest: before, nobody could have listened. */
  readonly watchedSince: number
  readonly watched: WatchedRecords
  readonly hearing: HostHearing
  /** When somebody was last turned away unheard. */
  readonly turnedAway: { at: number }
}
