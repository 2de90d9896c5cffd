import { globalScopeOf, users, type Group, type User } from '../../identity/records.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Records } from '../../store/records.ts'
import { limitExceeded, noSuchEntity } from './errors.ts'
import { groupEntities, groupsHolding } from './groups.ts'
import type { IamDeps } from './service-deps.ts'
import { userEntities } from './users.ts'

/** AWS's quota. */
export const groupsPerUserMax = 10

/** A user that is in it already stays in it. */
export async function addMember(
  deps: IamDeps,
  scope: Scope,
  groupName: string | undefined,
  userName: string | undefined,
): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const group = await groupEntities.within(records, scope, groupName)
    const user = await userEntities.within(records, scope, userName)
    const { memberNames } = group.value
    if (memberNames.includes(user.id)) return
    const others = await groupsHolding(records, scope, user.id)
    if (others.length >= groupsPerUserMax) throw limitExceeded('GroupsPerUser', groupsPerUserMax)
    await records.update(group, { ...group.value, memberNames: [...memberNames, user.id] })
  })
}

export async function removeMember(
  deps: IamDeps,
  scope: Scope,
  groupName: string | undefined,
  userName: string | undefined,
): Promise<void> {
  await groupEntities.change(deps, scope, groupName, (group) => {
    if (!group.memberNames.includes(userName ?? '')) {
      throw noSuchEntity(`user with name ${userName ?? ''} in group ${group.groupName}`)
    }
    return { ...group, memberNames: group.memberNames.filter((each) => each !== userName) }
  })
}

/** Its members, by name. */
export async function membersOf(
  records: Records,
  scope: Scope,
  group: Group,
): Promise<readonly User[]> {
  const found = await Promise.all(
    group.memberNames.map((name) => records.find(users, globalScopeOf(scope), name)),
  )
  return found.flatMap((record) => (record ? [record.value] : []))
}
