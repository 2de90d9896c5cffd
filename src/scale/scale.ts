import type { Targets } from '../balance/targets.ts'
import type { Instances } from '../compute/instance.ts'
import type { LaunchTemplates } from '../compute/launch-templates.ts'
import type { Zones } from '../compute/zones.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Network } from '../network/interfaces.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import type { StoredRecord } from '../store/records.ts'
import type { Group, Member } from './group.ts'
import type { ShownActivity } from './shown-status.ts'
import type { Groups, LaunchSubscriber } from './groups.ts'
import type { ManagedAlarms } from './managed-alarms.ts'
import type { NoticeRequests, Notices } from './notices.ts'
import type { PoolRequests } from './warm-pools.ts'
import type { PolicyRequests } from './scaling-policies.ts'
import type { ScheduleRequests } from './schedule-requests.ts'
import type { ConfigurationRequests } from './launch-configurations.ts'
import type { RefreshRequests } from './instance-refresh.ts'
import type { StandbyRequests } from './standby.ts'
import type { HookRequests } from './lifecycle-hooks.ts'
import type { GroupRequests } from './requests.ts'

/** The other engines that groups work with. */
export interface ScalePorts {
  readonly instances: Instances
  readonly launchTemplates: LaunchTemplates
  readonly targets: Targets
  readonly network: Pick<Network, 'subnet' | 'defaultSubnets'>
  /** Which zones are broken; without it none ever is. */
  readonly zones?: Pick<Zones, 'faults' | 'onChange'>
  /** Without it target tracking is refused. */
  readonly managedAlarms?: ManagedAlarms
  /** What alarms say, undefined of one that is not there; without it a refresh watches none. */
  readonly alarmStates?: {
    state(scope: Scope, alarmName: string): Promise<string | undefined>
  }
  /** Without it notifications, and targets of hooks, are refused. */
  readonly notices?: Notices
}

/** What the parts of this engine share. */
export interface ScaleDeps extends ScalePorts {
  readonly context: EngineContext
  readonly subscribers: readonly LaunchSubscriber[]
}

/** The engine as its face sees it. */
export interface Scale
  extends
    Groups,
    GroupRequests,
    HookRequests,
    PoolRequests,
    PolicyRequests,
    NoticeRequests,
    ScheduleRequests,
    RefreshRequests,
    ConfigurationRequests,
    StandbyRequests {
  readonly context: EngineContext
  readonly ports: ScalePorts
  readonly reconcilers: readonly Reconciler[]
  find(scope: Scope, groupName: string): Promise<Group | undefined>
  list(scope: Scope): Promise<readonly Group[]>
  /** Of one group, or of all. */
  membersOf(scope: Scope, groupName?: string): Promise<readonly StoredRecord<Member>[]>
  /** Newest first; of the groups there are now, unless those of deleted ones are asked for. */
  activitiesOf(
    scope: Scope,
    groupName?: string,
    includeDeleted?: boolean,
  ): Promise<readonly ShownActivity[]>
}
