import type { EnvironmentLabel } from './blue-green.ts'
import { kindOf } from '../store/records.ts'
import type { LifecycleEventName } from './domain/lifecycle-events.ts'

export type TargetStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped' | 'Ready'
export type EventStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped'

export type LifecycleErrorCode =
  | 'Success'
  | 'ScriptMissing'
  | 'ScriptNotExecutable'
  | 'ScriptTimedOut'
  | 'ScriptFailed'
  | 'UnknownError'

export interface Diagnostics {
  readonly errorCode: LifecycleErrorCode
  readonly scriptName: string
  readonly message: string
  readonly logTail: string
}

export interface LifecycleEvent {
  readonly name: LifecycleEventName
  readonly status: EventStatus
  /** When it was asked for; it may begin later, when its agent takes it. */
  readonly requestedAt?: number
  readonly startTime?: number
  readonly endTime?: number
  readonly diagnostics?: Diagnostics
}

/** Which of a group's deployments this host had before, for the order and the count of healthy hosts. */
export type RevisionAge = 'unknown' | 'old' | 'current'

export interface DeploymentTarget {
  readonly deploymentId: string
  readonly targetId: string
  readonly targetArn: string
  readonly zone?: string
  /** Of blue/green deployments. */
  readonly label?: EnvironmentLabel
  readonly status: TargetStatus
  /** Whether the last deployment to it was good. A host that was never deployed to counts as healthy. */
  readonly wasHealthy: boolean
  readonly revisionAge: RevisionAge
  readonly lastUpdatedAt: number
  readonly events: readonly LifecycleEvent[]
  /** What it was taken out of, to be put back there. */
  readonly blocked?: readonly { readonly targetGroupArn: string; readonly port: number }[]
}

/** Id: `<deployment>/<instance>`; owner: the deployment. */
export const deploymentTargets = kindOf<DeploymentTarget>('deploy/target')

export function targetKey(deploymentId: string, targetId: string): string {
  return `${deploymentId}/${targetId}`
}

/** Its first event that has not ended. */
export function currentEvent(target: DeploymentTarget): LifecycleEvent | undefined {
  return target.events.find((event) => event.status === 'Pending' || event.status === 'InProgress')
}

export function failedEvent(target: DeploymentTarget): LifecycleEvent | undefined {
  return target.events.findLast((event) => event.status === 'Failed')
}

export function hasEnded(status: TargetStatus): boolean {
  return status === 'Succeeded' || status === 'Failed' || status === 'Skipped'
}

/** The agents' numbers (fact sheet §1.5). */
export function errorCodeOf(number: number): LifecycleErrorCode {
  const codes: readonly LifecycleErrorCode[] = [
    'Success',
    'ScriptMissing',
    'ScriptNotExecutable',
    'ScriptTimedOut',
    'ScriptFailed',
  ]
  return codes[number] ?? 'UnknownError'
}
