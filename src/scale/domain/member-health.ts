import type { GroupView, MemberView, TakeOutReason } from './views.ts'

/** A machine takes a second. One that does not run after so long will hardly do so any more; its place is given to another. */
const startMillisecondsMax = 15 * 60_000

/** Whether its machine was to run long ago, and is still on its way. */
export function isStuck({ instance, lifecycle, startingSince }: MemberView, now: number): boolean {
  const isOnItsWay = lifecycle === 'Pending' || lifecycle === 'Warmed:Pending'
  const starts = instance.state === 'present' && instance.value === 'starting'
  return isOnItsWay && starts && now >= (startingSince ?? now) + startMillisecondsMax
}

/** Whether its machine is known to be no more: seen stopped (but for one just drawn from the warm pool), ending or in a zone that is broken, or seen by nobody in a complete list. */
export function isGone(member: MemberView): boolean {
  const { instance } = member
  if (instance.state === 'unknown') return false
  if (instance.state === 'absent') return member.instanceId !== undefined
  const isYetToStart = member.lifecycle === 'Pending' && member.warm === 'drawn'
  if (instance.value === 'stopped' && isYetToStart) return false
  return ['lost', 'stopping', 'stopped', 'ending', 'gone'].includes(instance.value)
}

/**
 * Why a member counts as unhealthy; undefined while it is healthy or nothing is known. What its record says stands: a user may
 * say so, and an earlier pass may have found it. Target health counts after the grace period.
 */
export function illnessOf(
  group: GroupView,
  member: MemberView,
  now: number,
): TakeOutReason | undefined {
  const checks = !group.suspended.includes('HealthCheck')
  if (checks && isImpaired(group, member, now)) return 'ec2-status'
  if (checks && (isGone(member) || isStuck(member, now))) return 'ec2-health'
  if (!member.isHealthy) return member.unhealthyReason ?? 'user-health'
  if (!checks || !group.usesTargetHealth || member.lifecycle !== 'InService') return undefined
  if (now < (member.inServiceAt ?? now) + group.graceMilliseconds) return undefined
  const isUnhealthy = group.targetGroupArns.some((arn) => {
    const target = member.registeredIn.includes(arn) ? member.targets[arn] : undefined
    return target?.state === 'present' && target.value === 'unhealthy'
  })
  return isUnhealthy ? 'elb-health' : undefined
}

/** Status checks count after the grace period, but for those of a zone that is known to be broken. */
function isImpaired(group: GroupView, { instance, inServiceAt }: MemberView, now: number): boolean {
  if (instance.state !== 'present') return false
  if (instance.value === 'lost') return true
  const isGraceOver = now >= (inServiceAt ?? now) + group.graceMilliseconds
  return instance.value === 'impaired' && isGraceOver
}
