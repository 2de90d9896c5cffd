import { fullest } from './zones.ts'
import { isConfigurationId } from './configuration-id.ts'
import type { GroupView, MemberView } from './views.ts'

/** Policies that are honoured. AllocationStrategy has nothing to choose by here. */
export const terminationPolicies = [
  'Default',
  'OldestInstance',
  'NewestInstance',
  'OldestLaunchConfiguration',
  'OldestLaunchTemplate',
] as const

/**
 * The member that leaves when the group shrinks: of the fullest zones, one that is not in service yet before one that is,
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
  const configurationAge = configurationAges(group, members)
  return [...candidates].sort((a, b) => {
    const waiting = Number(a.lifecycle !== 'Pending') - Number(b.lifecycle !== 'Pending')
    if (waiting !== 0) return waiting
    for (const policy of policies) {
      const order =
        policy === 'OldestLaunchConfiguration'
          ? configurationAge(a) - configurationAge(b)
          : orderOf(policy, group, a, b)
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

/**
 * Since when a member's launch configuration is in use here, as far as members tell; what the group launches from now is newer than all others.
 */
function configurationAges(
  group: GroupView,
  members: readonly MemberView[],
): (member: MemberView) => number {
  const since = new Map<string, number>()
  for (const { launchTemplateId: id, createdAt } of members) {
    if (id !== undefined) since.set(id, Math.min(createdAt, since.get(id) ?? createdAt))
  }
  return ({ launchTemplateId: id }) =>
    id === undefined || !isConfigurationId(id) || id === group.launchTemplateId
      ? Number.MAX_SAFE_INTEGER
      : (since.get(id) ?? Number.MAX_SAFE_INTEGER)
}

/** Another template than the group's is older than each of its versions. */
function templateAge(group: GroupView, member: MemberView): number {
  return member.launchTemplateId === group.launchTemplateId ? member.templateVersion : -1
}
