import type { MachineImpairment } from '../protocol/machine.ts'
import { kindOf } from '../store/records.ts'
import { isoTime } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import type { StoredRecord } from '../store/records.ts'
import type { Tag } from '../kernel/tags.ts'
import type { BlockDevice } from './domain/volume-request.ts'
import type { Interruption, SpotRequest, SpotTerms } from './domain/spot.ts'

export type InstanceState =
  | 'pending'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'shutting-down'
  | 'terminated'

/** An instance as it should be (`desired`) and as it was last seen (`state`). */
export interface Instance {
  readonly instanceId: string
  readonly reservationId: string
  readonly launchIndex: number
  readonly imageId: string
  readonly instanceType: string
  readonly keyName?: string
  readonly zone: string
  readonly vpcId: string
  readonly subnetId: string
  readonly interfaceId: string
  readonly macAddress: string
  readonly privateAddress: string
  readonly publicAddress?: string
  readonly securityGroupIds: readonly string[]
  readonly instanceProfileArn?: string
  /** Base64, as given. */
  readonly userData?: string
  readonly clientToken?: string
  readonly launchedAt: number
  readonly desired: 'running' | 'stopped' | 'terminated'
  readonly state: InstanceState
  readonly stateReason?: { readonly code: string; readonly message: string }
  /** When `state` became `terminated`; the record goes an hour later, as on EC2. */
  readonly terminatedAt?: number
  /** Of the machine that `state` speaks of. */
  readonly incarnation: number
  /** Of that machine; its first checks follow. */
  readonly runningSince?: number
  readonly tags: readonly Tag[]
  readonly metadataTokens: 'optional' | 'required'
  /** On unless false. */
  readonly metadataEnabled?: boolean
  /** Whether the metadata service tells its tags. */
  readonly metadataTags?: boolean
  /** Shown as it was asked for; a machine's own packets need no hop to the metadata service. */
  readonly metadataHopLimit?: number
  /** Shown as it was asked for: every disk is as fast as the host's. */
  readonly ebsOptimized?: boolean
  /** Of the root volume, as far as it was asked for. */
  readonly rootVolume?: RootVolume
  /** It was launched with volumes: its machine waits for them. */
  readonly hasVolumes?: boolean
  /** The image of one's own that its machine runs; the default image when absent. */
  readonly machineImage?: string
  /** StopInstances is refused while true. */
  readonly isStopProtected?: boolean
  /** What a burstable type was asked to do without credits; kept and shown, processors here know no credits. */
  readonly cpuCredits?: CpuCredits
  /** Detailed monitoring was asked for: MonitorInstances. */
  readonly isMonitored?: boolean
  /** What follows when its own init ends in good order; `stop` when absent. */
  readonly shutdownBehavior?: 'stop' | 'terminate'
  /** TerminateInstances is refused while true. */
  readonly isProtected?: boolean
  /** The life of the host process in which it was last seen to run: an exit under a later one is a reboot of the host. */
  readonly hostEpoch?: string
  /** The machine of this incarnation is to be stopped and started once. */
  readonly rebootIncarnation?: number
  /** Of a running one that serves nobody: what its machine lacks, and since when. */
  readonly impairment?: { readonly kind: MachineImpairment; readonly since: number }
  /** Absent of one on demand. */
  readonly spot?: SpotRequest
  /** Its capacity is taken back. */
  readonly interruption?: Interruption
  /** When and why it last left `running`, as DescribeInstances says it. */
  readonly stateTransitionReason?: string
}

export type CpuCredits = 'standard' | 'unlimited'

export interface RootVolume {
  readonly sizeGibibytes?: number
  readonly volumeType?: string
  /** Of the image that it was launched from. */
  readonly snapshotId?: string
  readonly tags?: readonly Tag[]
}

/** Owner: the VPC's id. */
export const instances = kindOf<Instance>('compute/instance')

/** How `stateTransitionReason` says who ended or stopped an instance, and when: `User initiated (2026-11-22 10:00:00 GMT)`. */
export function initiated(who: 'User' | 'Service', now: number): string {
  return `${who} initiated (${isoTime(now).slice(0, 19).replace('T', ' ')} GMT)`
}

export interface LaunchRequest {
  readonly imageId: string
  readonly instanceType: string
  readonly count: number
  readonly subnetId?: string
  /** Of a default subnet, when no subnet is given. */
  readonly zone?: string
  readonly securityGroupIds?: readonly string[]
  readonly associatePublicAddress?: boolean
  readonly privateAddress?: string
  readonly keyName?: string
  readonly instanceProfile?: string
  readonly userData?: string
  readonly tags: readonly Tag[]
  readonly metadataTokens?: 'optional' | 'required'
  readonly metadataEnabled?: boolean
  readonly metadataTags?: boolean
  readonly metadataHopLimit?: number
  readonly ebsOptimized?: boolean
  readonly shutdownBehavior?: 'stop' | 'terminate'
  readonly isProtected?: boolean
  readonly isStopProtected?: boolean
  readonly isMonitored?: boolean
  readonly cpuCredits?: CpuCredits
  readonly rootVolume?: RootVolume
  readonly blockDevices?: readonly BlockDevice[]
  readonly volumeTags?: readonly Tag[]
  readonly interfaceTags?: readonly Tag[]
  /** On spot; on demand when absent. */
  readonly spot?: SpotTerms
  /** The same token and request give the same instances again. */
  readonly clientToken?: string
}

/**
 * The instances engine as other engines and services see it. Records are written at once, machines follow. What it turns down is a
 * `Refusal` (network/refusal.ts) in EC2's own code.
 */
export interface Instances {
  launch(scope: Scope, request: LaunchRequest): Promise<readonly StoredRecord<Instance>[]>
  find(scope: Scope, instanceId: string): Promise<StoredRecord<Instance> | undefined>
  list(scope: Scope): Promise<readonly StoredRecord<Instance>[]>
  terminate(scope: Scope, instanceId: string): Promise<void>
  stop(scope: Scope, instanceId: string): Promise<void>
  start(scope: Scope, instanceId: string): Promise<void>
  reboot(scope: Scope, instanceId: string): Promise<void>
  setTags(
    scope: Scope,
    instanceId: string,
    change: (tags: readonly Tag[]) => readonly Tag[],
  ): Promise<void>
  /** Changes members that no machine depends on. */
  change(scope: Scope, instanceId: string, to: (instance: Instance) => Instance): Promise<void>
}
