import type { CreateGroupRequest, Group as GroupShape } from '@aws-sdk/client-iam'
import { identityId } from '../../identity/key-text.ts'
import { globalScopeOf, groups, type Group } from '../../identity/records.ts'
import { globalArnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Records, StoredRecord } from '../../store/records.ts'
import { deleteConflict } from './errors.ts'
import { checkName, checkPath } from './names.ts'
import { madeFor, namedEntities } from './named-entities.ts'
import { checkFreeOfPolicies } from './policies.ts'
import type { IamDeps, Making } from './service-deps.ts'

export const groupEntities = namedEntities<Group>({
  kind: groups,
  nameOf: ({ groupName }) => groupName,
  missing: (name) => `group with name ${name}`,
  taken: (name) => `Group with name ${name}`,
})

export async function createGroup(
  deps: IamDeps,
  making: Making,
  input: CreateGroupRequest,
): Promise<Group> {
  const { random, clock } = deps.identity.context
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
    ...madeFor(making),
  }
  return groupEntities.insert(deps, making, group)
}

export async function deleteGroup(deps: IamDeps, scope: Scope, name: string): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const record = await groupEntities.within(records, scope, name)
    if (record.value.memberNames.length > 0) {
      throw deleteConflict('Cannot delete entity, must remove users from group first.')
    }
    checkFreeOfPolicies(record.value)
    await records.remove(record)
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

/** Renames and moves a group; its members and policies stay. */
export async function renameGroup(
  deps: IamDeps,
  scope: Scope,
  name: string,
  to: { name?: string | undefined; path?: string | undefined },
): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const record = await groupEntities.within(records, scope, name)
    const groupName = to.name === undefined ? name : checkName('newGroupName', to.name, 128)
    const path = to.path === undefined ? record.value.path : checkPath(to.path)
    const arn = globalArnOf('iam', scope, `group${path}${groupName}`)
    await groupEntities.move(records, record, { ...record.value, groupName, path, arn })
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
