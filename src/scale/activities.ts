import { isoTime } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import { modify, type Records } from '../store/records.ts'
import { activities, type Activity, type Group, type Member } from './group.ts'

/** Begins an activity: a record in progress. */
export async function beginActivity(
  records: Records,
  scope: Scope,
  group: Group,
  begun: Pick<Activity, 'activityId' | 'description' | 'cause' | 'startTime'> & { member: Member },
): Promise<Activity> {
  const { member, ...rest } = begun
  const activity: Activity = {
    ...rest,
    groupName: group.name,
    groupArn: group.arn,
    statusCode: 'InProgress',
    progress: 0,
    details: JSON.stringify({
      ...(member.subnetId ? { 'Subnet ID': member.subnetId } : {}),
      'Availability Zone': member.zone,
    }),
  }
  await records.insert(activities, { scope, id: activity.activityId, owner: group.name }, activity)
  return activity
}

/** Changes an activity that is still in progress; one that has ended stays as it is. */
export async function changeActivity(
  records: Records,
  scope: Scope,
  activityId: string,
  change: Partial<Activity>,
): Promise<void> {
  await modify(records, { kind: activities, scope, id: activityId }, (activity) =>
    activity.statusCode === 'InProgress' ? { ...activity, ...change } : undefined,
  )
}

/** The end of an activity. */
export function ended(
  statusCode: 'Successful' | 'Failed' | 'Cancelled',
  endTime: number,
  statusMessage?: string,
): Partial<Activity> {
  return { statusCode, endTime, progress: 100, ...(statusMessage ? { statusMessage } : {}) }
}

/** The event that AWS publishes at an activity's end. */
export function activityEvent(
  scope: Scope,
  group: Group,
  activity: { detailType: string; activityId: string; instanceId: string; at: number },
) {
  return {
    source: 'aws.autoscaling',
    detailType: activity.detailType,
    scope,
    resources: [group.arn],
    detail: {
      AutoScalingGroupName: group.name,
      ActivityId: activity.activityId,
      EC2InstanceId: activity.instanceId,
      EndTime: isoTime(activity.at),
    },
  }
}
