import { hooksPhase, nextDeadline, type HookTransition } from './hooks.ts'
import { isGone } from './member-health.ts'
import type { Step } from './steps.ts'
import type { GroupView, MemberView } from './views.ts'

/** A load balancer drains for an hour at most; after that nobody is waited for. */
const drainMillisecondsMax = 3_600_000 + 60_000

/** Drain, wait for hooks, terminate, record. A machine that is gone does not drain. */
export function departureSteps(group: GroupView, member: MemberView, now: number): Step[] {
  const { memberId, instance } = member
  if (instance.state === 'unknown') return []
  const steps = deregistrations(member)
  const isOver = instance.state === 'absent' || instance.value === 'gone'
  const isOverdue = now > (member.terminatingAt ?? now) + drainMillisecondsMax
  const servesNobody =
    isGone(member) || (instance.state === 'present' && instance.value === 'impaired')
  if (!isDrained(member) && !isOverdue && !isOver && !servesNobody) return steps
  const held = hookSteps(group, member, 'terminating', now)
  if (held) return [...steps, ...held]
  if (isOver) return [...steps, { type: 'finish', memberId }]
  return instance.value === 'ending' ? steps : [...steps, { type: 'terminate', memberId }]
}

/** Drain, then stand by or be let go. Of one that stands by only its end is noticed: users may stop it. */
export function asideSteps(member: MemberView): Step[] {
  const { memberId, instance } = member
  if (instance.state === 'unknown') return []
  const isOver = instance.state === 'absent' || ['gone', 'ending'].includes(instance.value)
  if (member.lifecycle === 'Standby') {
    return isOver ? [{ type: 'take-out', memberId, why: 'ec2-health' }] : []
  }
  const steps = deregistrations(member)
  return isDrained(member) || isOver ? [...steps, { type: 'set-aside', memberId }] : steps
}

/** Out of every target group that it is in. */
export function deregistrations({ memberId, registeredIn }: MemberView): Step[] {
  return registeredIn.map((targetGroupArn) => ({ type: 'deregister', memberId, targetGroupArn }))
}

/** Whether no balancer has to do with it any more. */
export function isDrained({ registeredIn, drainingFrom, targets }: MemberView): boolean {
  return registeredIn.length === 0 && drainingFrom.every((arn) => targets[arn]?.state === 'absent')
}

/** What the hooks of a transition ask for now; undefined when none holds the member, or any longer. */
export function hookSteps(
  group: GroupView,
  member: MemberView,
  transition: HookTransition,
  now: number,
): Step[] | undefined {
  if (group.isDeleting || !member.isLaunched) return undefined
  const { memberId, hooks } = member
  if (hooks?.transition !== transition) {
    return group.hooks.includes(transition)
      ? [{ type: 'begin-hooks', memberId, transition }]
      : undefined
  }
  if (hooksPhase(hooks) !== 'wait') return undefined
  const isDue = (nextDeadline(hooks) ?? now) <= now
  return isDue ? [{ type: 'expire-hooks', memberId }] : []
}
