import type { CreateUserRequest, User as UserShape } from '@aws-sdk/client-iam'
import { identityId } from '../../identity/key-text.ts'
import { accessKeys, globalScopeOf, keyScope, users, type User } from '../../identity/records.ts'
import { globalArnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { modify, RecordExists, type StoredRecord } from '../../store/records.ts'
import { deleteConflict, entityAlreadyExists, noSuchEntity } from './errors.ts'
import { groupsHolding } from './groups.ts'
import { checkName, checkPath, checkTags } from './names.ts'
import type { IamDeps, Making } from './service-deps.ts'

export async function createUser(
  deps: IamDeps,
  making: Making,
  input: CreateUserRequest,
): Promise<User> {
  const { store, random, clock } = deps.identity.context
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
    ...(making.token ? { madeFor: making.token } : {}),
  }
  const scope = globalScopeOf(making.scope)
  try {
    await store.insert(users, { scope, id: userName }, user)
    return user
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    const held = await store.find(users, scope, userName)
    if (held && making.token !== undefined && held.value.madeFor === making.token) return held.value
    throw entityAlreadyExists(`User with name ${userName}`)
  }
}

export async function userNamed(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
): Promise<StoredRecord<User>> {
  const found = await deps.identity.context.store.find(users, globalScopeOf(scope), name ?? '')
  if (!found) throw noSuchEntity(`user with name ${name ?? ''}`)
  return found
}

export async function changeUser(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
  change: (user: User) => User,
): Promise<User> {
  const at = { kind: users, scope: globalScopeOf(scope), id: name ?? '' }
  const changed = await modify(deps.identity.context.store, at, change)
  if (!changed) throw noSuchEntity(`user with name ${name ?? ''}`)
  return changed.value
}

export async function deleteUser(deps: IamDeps, scope: Scope, name: string): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const record = await records.find(users, globalScopeOf(scope), name)
    if (!record) throw noSuchEntity(`user with name ${name}`)
    const keys = await records.list(accessKeys, keyScope, { owner: keyOwner(scope, name) })
    if (keys.length > 0)
      throw deleteConflict('Cannot delete entity, must delete access keys first.')
    if (record.value.inlinePolicies.length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.')
    }
    if (record.value.attachedPolicyArns.length > 0) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    }
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
    const at = globalScopeOf(scope)
    const record = await records.find(users, at, name)
    if (!record) throw noSuchEntity(`user with name ${name}`)
    const userName = to.name === undefined ? name : checkName('newUserName', to.name, 64)
    const path = to.path === undefined ? record.value.path : checkPath(to.path)
    const arn = globalArnOf('iam', scope, `user${path}${userName}`)
    const user = { ...record.value, userName, path, arn }
    if (userName === name) await records.update(record, user)
    else {
      if (await records.find(users, at, userName)) {
        throw entityAlreadyExists(`User with name ${userName}`)
      }
      await records.remove(record)
      await records.insert(users, { scope: at, id: userName }, user)
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
