import { kindOf } from '../store/records.ts'
import type { LifecycleEventName } from './domain/lifecycle-events.ts'
import type { Diagnostics } from './deployment-target.ts'

/** One event that an agent is to carry out on one host. Goes when its target has taken the result. */
export interface HostCommand {
  readonly commandId: string
  readonly deploymentId: string
  readonly instanceId: string
  readonly commandName: LifecycleEventName
  readonly status: 'Pending' | 'InProgress' | 'Succeeded' | 'Failed'
  readonly requestedAt: number
  /** Served to an agent, not to be served again before this time. */
  readonly leasedUntil?: number
  readonly acknowledgedAt?: number
  /** True for agents of our own protocol: they may be asked again what became of it, and run nothing twice. */
  readonly resumable?: boolean
  readonly completedAt?: number
  readonly diagnostics?: Diagnostics
}

/** Id: `<deployment>/<instance>/<event>`; owner: the instance. */
export const hostCommands = kindOf<HostCommand>('deploy/host-command')

export function commandKey(deploymentId: string, instanceId: string, name: string): string {
  return `${deploymentId}/${instanceId}/${name}`
}

/** What a hook wrote so far. Id: the command's; owner: the deployment. Bounded; the whole log stays on the host. */
export interface EventLog {
  readonly text: string
  readonly isTruncated: boolean
}

export const eventLogs = kindOf<EventLog>('deploy/event-log')
