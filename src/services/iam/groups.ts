import type { CreateGroupRequest, Group as GroupShape } from '@aws-sdk/client-iam'
import { identityId } from '../../identity/key-text.ts'
import { globalScopeOf, groups, users, type Group, type User } from '../../identity/records.ts'
import { globalArnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { modify, RecordExists, type Records, type StoredRecord } from '../../store/records.ts'
import { deleteConflict, entityAlreadyExists, limitExceeded, noSuchEntity } from './errors.ts'
import { checkName, checkPath } from './names.ts'
import type { IamDeps, Making } from './service-deps.ts'

const groupsPerUserMax = 10

export async function createGroup(
  deps: IamDeps,
  making: Making,
  input: CreateGroupRequest,
): Promise<Group> {
  const { store, random, clock } = deps.identity.context
  const groupName = checkName('groupName', input.GroupName, 128)
  const path = checkPath(input.Path)
  const group: Group = {
    groupName,
    groupId: identityId(random, 'AGPA'),
    path,
    arn: globalArnOf('iam', making.scope, `group${path}${groupName}`),
    createdAt: clock.now(),
    tags: [],
    inlinePolicies: [],
    attachedPolicyArns: [],
    memberNames: [],
    ...(making.token ? { madeFor: making.token } : {}),
  }
  const scope = globalScopeOf(making.scope)
  try {
    await store.insert(groups, { scope, id: groupName }, group)
    return group
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    const held = await store.find(groups, scope, groupName)
    if (held && making.token !== undefined && held.value.madeFor === making.token) return held.value
    throw entityAlreadyExists(`Group with name ${groupName}`)
  }
}

export async function groupNamed(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
): Promise<StoredRecord<Group>> {
  const found = await deps.identity.context.store.find(groups, globalScopeOf(scope), name ?? '')
  if (!found) throw noSuchEntity(`group with name ${name ?? ''}`)
  return found
}

export async function changeGroup(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
  change: (group: Group) => Group,
): Promise<Group> {
  const at = { kind: groups, scope: globalScopeOf(scope), id: name ?? '' }
  const changed = await modify(deps.identity.context.store, at, change)
  if (!changed) throw noSuchEntity(`group with name ${name ?? ''}`)
  return changed.value
}

export async function deleteGroup(deps: IamDeps, scope: Scope, name: string): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const record = await records.find(groups, globalScopeOf(scope), name)
    if (!record) throw noSuchEntity(`group with name ${name}`)
    const { memberNames, inlinePolicies, attachedPolicyArns } = record.value
    if (memberNames.length > 0) {
      throw deleteConflict('Cannot delete entity, must remove users from group first.')
    }
    if (inlinePolicies.length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.')
    }
    if (attachedPolicyArns.length > 0) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    }
    await records.remove(record)
  })
}

/** A user that is in it already stays in it. */
export async function addMember(
  deps: IamDeps,
  scope: Scope,
  groupName: string | undefined,
  userName: string | undefined,
): Promise<void> {
  const at = globalScopeOf(scope)
  await deps.identity.context.store.transaction(async (records) => {
    const group = await records.find(groups, at, groupName ?? '')
    if (!group) throw noSuchEntity(`group with name ${groupName ?? ''}`)
    const user = await records.find(users, at, userName ?? '')
    if (!user) throw noSuchEntity(`user with name ${userName ?? ''}`)
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
  await changeGroup(deps, scope, groupName, (group) => {
    if (!group.memberNames.includes(userName ?? '')) {
      throw noSuchEntity(`user with name ${userName ?? ''} in group ${group.groupName}`)
    }
    return { ...group, memberNames: group.memberNames.filter((each) => each !== userName) }
  })
}

/** The groups that a user is in. */
export async function groupsHolding(
  records: Records,
  scope: Scope,
  userName: string,
): Promise<readonly StoredRecord<Group>[]> {
  const all = await records.list(groups, globalScopeOf(scope))
  return all.filter(({ value }) => value.memberNames.includes(userName))
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

/** Renames and moves a group; its members and policies stay. */
export async function renameGroup(
  deps: IamDeps,
  scope: Scope,
  name: string,
  to: { name?: string | undefined; path?: string | undefined },
): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const at = globalScopeOf(scope)
    const record = await records.find(groups, at, name)
    if (!record) throw noSuchEntity(`group with name ${name}`)
    const groupName = to.name === undefined ? name : checkName('newGroupName', to.name, 128)
    const path = to.path === undefined ? record.value.path : checkPath(to.path)
    const arn = globalArnOf('iam', scope, `group${path}${groupName}`)
    const group = { ...record.value, groupName, path, arn }
    if (groupName === name) {
      await records.update(record, group)
      return
    }
    if (await records.find(groups, at, groupName)) {
      throw entityAlreadyExists(`Group with name ${groupName}`)
    }
    await records.remove(record)
    await records.insert(groups, { scope: at, id: groupName }, group)
  })
}

export function groupShape(group: Group): GroupShape {
  return {
    Path: group.path,
    GroupName: group.groupName,
    GroupId: group.groupId,
    Arn: group.arn,
    CreateDate: new Date(group.createdAt),
  }
}
