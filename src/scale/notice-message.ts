import { isoTime } from '../kernel/clock.ts'
import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { HookWait, LifecycleHook } from './domain/hooks.ts'
import { routeOf, type Activity, type Group, type Member } from './group.ts'

/** What a group tells its topics of. */
export const noticeTypes = {
  launch: 'autoscaling:EC2_INSTANCE_LAUNCH',
  launchError: 'autoscaling:EC2_INSTANCE_LAUNCH_ERROR',
  terminate: 'autoscaling:EC2_INSTANCE_TERMINATE',
  terminateError: 'autoscaling:EC2_INSTANCE_TERMINATE_ERROR',
  test: 'autoscaling:TEST_NOTIFICATION',
} as const

interface Notice {
  readonly subject: string
  readonly message: string
}

const service = 'AWS Auto Scaling'

/** SNS's bound of a subject. */
const subjectCharactersMax = 100

function noticeOf(subject: string, message: object): Notice {
  return { subject: subject.slice(0, subjectCharactersMax), message: JSON.stringify(message) }
}

/** What a new target hears. */
export function testMessage(
  { clock, random }: Pick<EngineContext, 'clock' | 'random'>,
  scope: Scope,
  group: Pick<Group, 'name' | 'arn'>,
): Notice {
  return noticeOf(`Auto Scaling: test notification for group "${group.name}"`, {
    AccountId: scope.account,
    RequestId: uuid(random),
    AutoScalingGroupARN: group.arn,
    AutoScalingGroupName: group.name,
    Service: service,
    Event: noticeTypes.test,
    Time: isoTime(clock.now()),
  })
}

/** Which of the types an activity that ended is; undefined: none. */
export function typeOf({ description, statusCode }: Activity): string | undefined {
  const isLaunch = description.startsWith('Launching a new EC2 instance')
  if (!isLaunch && !description.startsWith('Terminating EC2 instance')) return undefined
  if (statusCode === 'Successful') return isLaunch ? noticeTypes.launch : noticeTypes.terminate
  if (statusCode !== 'Failed') return undefined
  return isLaunch ? noticeTypes.launchError : noticeTypes.terminateError
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-sns-notifications.html */
export function activityMessage(scope: Scope, activity: Activity, type: string): Notice {
  const { description, groupName, groupArn, activityId, startTime, endTime } = activity
  const isLaunch = type.includes('_LAUNCH')
  const failed = type.endsWith('_ERROR') ? 'failed ' : ''
  const subject = `Auto Scaling: ${failed}${isLaunch ? 'launch' : 'termination'} for group "${groupName}"`
  return noticeOf(subject, {
    Progress: activity.progress,
    AccountId: scope.account,
    Description: description,
    RequestId: activityId,
    EndTime: isoTime(endTime ?? startTime),
    AutoScalingGroupARN: groupArn,
    ActivityId: activityId,
    StartTime: isoTime(startTime),
    Service: service,
    Time: isoTime(endTime ?? startTime),
    EC2InstanceId: /\bi-[0-9a-z]+/.exec(description)?.[0] ?? '',
    StatusCode: activity.statusCode,
    StatusMessage: activity.statusMessage ?? '',
    Details: JSON.parse(activity.details) as unknown,
    AutoScalingGroupName: groupName,
    Cause: activity.cause,
    Event: type,
  })
}

/** What a hook's target hears of a hold. */
export function holdMessage(
  scope: Scope,
  held: {
    readonly group: Group
    readonly member: Member
    readonly hook: LifecycleHook
    readonly wait: HookWait
    readonly at: number
  },
): Notice {
  const { group, member, hook, wait, at } = held
  const isLaunch = hook.transition === 'launching'
  const word = isLaunch ? 'LAUNCHING' : 'TERMINATING'
  const subject = `Auto Scaling:  Lifecycle action '${word}' for instance ${member.instanceId} in progress.`
  return noticeOf(subject, {
    ...routeOf(member),
    LifecycleHookName: hook.name,
    AccountId: scope.account,
    RequestId: wait.token,
    LifecycleTransition: `autoscaling:EC2_INSTANCE_${word}`,
    AutoScalingGroupName: group.name,
    Service: service,
    Time: isoTime(at),
    EC2InstanceId: member.instanceId,
    ...(hook.metadata === undefined ? {} : { NotificationMetadata: hook.metadata }),
    LifecycleActionToken: wait.token,
  })
}
