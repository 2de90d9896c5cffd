import type { CreateUserRequest, User as UserShape } from '@aws-sdk/client-iam'
import { identityId } from '../../identity/key-text.ts'
import { accessKeys, keyScope, users, type User } from '../../identity/records.ts'
import { globalArnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { deleteConflict } from './errors.ts'
import { groupsHolding } from './groups.ts'
import { checkName, checkPath, checkTags } from './names.ts'
import { madeFor, namedEntities } from './named-entities.ts'
import { checkFreeOfPolicies } from './policies.ts'
import type { IamDeps, Making } from './service-deps.ts'

export const userEntities = namedEntities<User>({
  kind: users,
  nameOf: ({ userName }) => userName,
  missing: (name) => `user with name ${name}`,
  taken: (name) => `User with name ${name}`,
})

export async function createUser(
  deps: IamDeps,
  making: Making,
  input: CreateUserRequest,
): Promise<User> {
  const { random, clock } = deps.identity.context
  const userName = checkName('userName', input.UserName, 64)
  const path = checkPath(input.Path)
  const user: User = {
    userName,
    userId: identityId(random, 'AIDA'),
    path,
    arn: globalArnOf('iam', making.scope, `user${path}${userName}`),
    createdAt: clock.now(),
    tags: checkTags(input.Tags),
    inlinePolicies: [],
    attachedPolicyArns: [],
    ...madeFor(making),
  }
  return userEntities.insert(deps, making, user)
}

export async function deleteUser(deps: IamDeps, scope: Scope, name: string): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const record = await userEntities.within(records, scope, name)
    const keys = await records.list(accessKeys, keyScope, { owner: keyOwner(scope, name) })
    if (keys.length > 0)
      throw deleteConflict('Cannot delete entity, must delete access keys first.')
    checkFreeOfPolicies(record.value)
    if (record.value.loginProfile) {
      throw deleteConflict('Cannot delete entity, must delete login profile first.')
    }
    if ((await groupsHolding(records, scope, name)).length > 0) {
      throw deleteConflict('Cannot delete entity, must remove users from group first.')
    }
    await records.remove(record)
  })
}

/** Renames and moves a user; its keys speak for it under the new name from then on, and its groups know it by it. */
export async function renameUser(
  deps: IamDeps,
  scope: Scope,
  name: string,
  to: { name?: string | undefined; path?: string | undefined },
): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const record = await userEntities.within(records, scope, name)
    const userName = to.name === undefined ? name : checkName('newUserName', to.name, 64)
    const path = to.path === undefined ? record.value.path : checkPath(to.path)
    const arn = globalArnOf('iam', scope, `user${path}${userName}`)
    await userEntities.move(records, record, { ...record.value, userName, path, arn })
    if (userName !== name) {
      for (const group of await groupsHolding(records, scope, name)) {
        const memberNames = group.value.memberNames.map((each) => (each === name ? userName : each))
        await records.update(group, { ...group.value, memberNames })
      }
    }
    for (const key of await records.list(accessKeys, keyScope, { owner: keyOwner(scope, name) })) {
      const { account, userId } = key.value.holder
      await records.remove(key)
      await records.insert(
        accessKeys,
        { scope: keyScope, id: key.id, owner: keyOwner(scope, userName) },
        { ...key.value, userName, holder: { arn, account, userId } },
      )
    }
  })
}

/** Under whom a user's keys are listed; the account's root without a name. */
export function keyOwner(scope: Scope, userName: string | undefined): string {
  return userName === undefined ? scope.account : `${scope.account}/${userName}`
}

export function userShape(user: User): UserShape {
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
    ...(user.tags.length > 0 ? { Tags: [...user.tags] } : {}),
  }
}
