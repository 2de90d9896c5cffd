import type { LifecycleState, WarmStage } from './views.ts'

/** The steady states that AWS names (EC2 Auto Scaling: "Retrieve the target lifecycle state through instance metadata"). */
export type TargetLifecycle =
  | 'InService'
  | 'Standby'
  | 'Detached'
  | 'Terminated'
  | 'Warmed:Stopped'
  | 'Warmed:Running'
  | 'Warmed:Terminated'

/** The steady state that a member is in, or is brought to from the moment on at which it leaves the one before; `pool` is what the group's warm pool keeps. */
export function targetLifecycleOf(
  {
    lifecycle,
    warm,
  }: { readonly lifecycle: LifecycleState; readonly warm?: WarmStage | undefined },
  pool: 'Stopped' | 'Running' | undefined,
): TargetLifecycle {
  switch (lifecycle) {
    case 'Pending':
    case 'InService':
      return 'InService'
    case 'EnteringStandby':
    case 'Standby':
      return 'Standby'
    case 'Detaching':
      return 'Detached'
    case 'Warmed:Pending':
      return pool === 'Running' ? 'Warmed:Running' : 'Warmed:Stopped'
    case 'Warmed:Stopped':
    case 'Warmed:Running':
      return lifecycle
    case 'Terminating':
      return warm === 'leaving' ? 'Warmed:Terminated' : 'Terminated'
  }
}
