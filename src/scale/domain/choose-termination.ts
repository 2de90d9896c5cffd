import { fullest } from './zones.ts'
import type { GroupView, MemberView } from './views.ts'

/** Policies that are honoured. AllocationStrategy and OldestLaunchConfiguration have nothing to choose by here. */
export const terminationPolicies = [
  'Default',
  'OldestInstance',
  'NewestInstance',
  'OldestLaunchTemplate',
] as const

/**
 * The member that leaves when the group shrinks: of the fullest zone, one that is not in service yet before one that is,
 * then by the group's policies in turn, then by id. Neither protected members nor those of which nothing is known are chosen,
 * nor any that `mayLeave` holds back.
 */
export function chooseTermination(
  group: GroupView,
  members: readonly MemberView[],
  mayLeave: (member: MemberView) => boolean = () => true,
): MemberView | undefined {
  const candidates = fullest(
    group,
    members,
    (member) => !member.isProtected && member.instance.state !== 'unknown' && mayLeave(member),
  )
  const policies = group.terminationPolicies.length > 0 ? group.terminationPolicies : ['Default']
  return [...candidates].sort((a, b) => {
    const waiting = Number(a.lifecycle !== 'Pending') - Number(b.lifecycle !== 'Pending')
    if (waiting !== 0) return waiting
    for (const policy of policies) {
      const order = orderOf(policy, group, a, b)
      if (order !== 0) return order
    }
    return a.memberId < b.memberId ? -1 : 1
  })[0]
}

function orderOf(policy: string, group: GroupView, a: MemberView, b: MemberView): number {
  switch (policy) {
    case 'NewestInstance':
      return b.createdAt - a.createdAt
    case 'OldestInstance':
      return a.createdAt - b.createdAt
    case 'OldestLaunchTemplate':
      return templateAge(group, a) - templateAge(group, b)
    default:
      return templateAge(group, a) - templateAge(group, b) || a.createdAt - b.createdAt
  }
}

/** Another template than the group's is older than each of its versions. */
function templateAge(group: GroupView, member: MemberView): number {
  return member.launchTemplateId === group.launchTemplateId ? member.templateVersion : -1
}
