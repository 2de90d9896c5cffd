import type { Scope } from '../kernel/scope.ts'

export interface GroupMember {
  readonly instanceId: string
  readonly zone: string
  /** AWS's words: `Pending`, `InService`, `Terminating`, … */
  readonly lifecycleState: string
  readonly healthStatus: 'Healthy' | 'Unhealthy'
  /** Units of its group's capacity; one when absent. */
  readonly weight?: number
}

/** A new instance waits for those who subscribed before it is in service. */
export interface LaunchSubscriber {
  /**
   * Called until it answers `continue` or `abandon`; `wait` asks again soon. Idempotent for one `launchId`: an instance that comes out of
   * the warm pool another time is another launch.
   */
  onLaunch(
    scope: Scope,
    groupName: string,
    instanceId: string,
    launchId?: string,
  ): Promise<'continue' | 'abandon' | 'wait'>
  /**
   * Of an instance that leaves and still runs, after it has drained and its lifecycle hooks have let it go: called until it answers
   * `continue`, for an hour at most; `wait` asks again soon. Idempotent. A group that is deleted by force asks nobody.
   */
  onTermination?(scope: Scope, groupName: string, instanceId: string): Promise<'continue' | 'wait'>
}

/** What `deploy` asks of Auto Scaling groups. */
export interface Groups {
  /** Undefined when there is no such group. */
  members(scope: Scope, groupName: string): Promise<readonly GroupMember[] | undefined>
  targetGroupArns(scope: Scope, groupName: string): Promise<readonly string[]>
  subscribe(subscriber: LaunchSubscriber): void
}
