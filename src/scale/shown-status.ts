import { hooksPhase } from './domain/hooks.ts'
import type { Activity, Member } from './group.ts'

/** AWS's words for how far an activity is. */
type ShownStatus =
  | Activity['statusCode']
  | 'PreInService'
  | 'MidLifecycleAction'
  | 'WaitingForELBConnectionDraining'

export interface ShownActivity extends Activity {
  readonly shownStatus: ShownStatus
}

/** An activity in progress says what its member waits for: a lifecycle hook, its balancers, or its own start. `isEnding`: its instance is terminated already. */
export function shownActivity(
  activity: Activity,
  member: Member | undefined,
  isEnding: boolean,
): ShownActivity {
  const isOver = activity.statusCode !== 'InProgress' || member === undefined
  return {
    ...activity,
    shownStatus: isOver ? activity.statusCode : statusOf(activity, member, isEnding),
  }
}

function statusOf({ activityId }: Activity, member: Member, isEnding: boolean): ShownStatus {
  const isLaunch = activityId === member.launchActivityId
  const { hooks } = member
  const isHeld = hooks !== undefined && hooks.waits.length > 0 && hooksPhase(hooks) === 'wait'
  if (isHeld && hooks.transition === (isLaunch ? 'launching' : 'terminating')) {
    return 'MidLifecycleAction'
  }
  if (isLaunch) return 'PreInService'
  if (isEnding) return 'InProgress'
  const leaves = ['Terminating', 'EnteringStandby', 'Warmed:Pending'].includes(member.lifecycle)
  const isInRotation = member.drainingFrom.length + member.registeredIn.length > 0
  return leaves && isInRotation ? 'WaitingForELBConnectionDraining' : 'InProgress'
}
