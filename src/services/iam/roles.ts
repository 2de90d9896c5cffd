import type { CreateRoleRequest, Role as RoleShape } from '@aws-sdk/client-iam'
import { identityId } from '../../identity/key-text.ts'
import { globalScopeOf, instanceProfiles, roles, type Role } from '../../identity/records.ts'
import { globalArnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { modify, RecordExists, type StoredRecord } from '../../store/records.ts'
import { deleteConflict, entityAlreadyExists, noSuchEntity } from './errors.ts'
import {
  checkMaxSession,
  checkName,
  checkPath,
  checkPolicy,
  checkTags,
  encodeDocument,
} from './names.ts'
import type { IamDeps, Making } from './service-deps.ts'

export async function createRole(
  deps: IamDeps,
  making: Making,
  input: CreateRoleRequest,
): Promise<Role> {
  const { store, random, clock } = deps.identity.context
  const roleName = checkName('roleName', input.RoleName, 64)
  const path = checkPath(input.Path)
  const role: Role = {
    roleName,
    roleId: identityId(random, 'AROA'),
    path,
    arn: globalArnOf('iam', making.scope, `role${path}${roleName}`),
    createdAt: clock.now(),
    trustPolicy: checkPolicy(input.AssumeRolePolicyDocument, 'trust'),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    maxSessionSeconds: checkMaxSession(input.MaxSessionDuration),
    tags: checkTags(input.Tags),
    inlinePolicies: [],
    attachedPolicyArns: [],
    ...(making.token ? { madeFor: making.token } : {}),
  }
  const scope = globalScopeOf(making.scope)
  try {
    await store.insert(roles, { scope, id: roleName }, role)
    return role
  } catch (thrown) {
    if (!(thrown instanceof RecordExists)) throw thrown
    const held = await store.find(roles, scope, roleName)
    if (held && making.token !== undefined && held.value.madeFor === making.token) return held.value
    throw entityAlreadyExists(`Role with name ${roleName}`)
  }
}

export async function roleNamed(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
): Promise<StoredRecord<Role>> {
  const found = await deps.identity.context.store.find(roles, globalScopeOf(scope), name ?? '')
  if (!found) throw noSuchEntity(`role with name ${name ?? ''}`)
  return found
}

export async function changeRole(
  deps: IamDeps,
  scope: Scope,
  name: string | undefined,
  change: (role: Role) => Role,
): Promise<Role> {
  const at = { kind: roles, scope: globalScopeOf(scope), id: name ?? '' }
  const changed = await modify(deps.identity.context.store, at, change)
  if (!changed) throw noSuchEntity(`role with name ${name ?? ''}`)
  return changed.value
}

export async function deleteRole(deps: IamDeps, scope: Scope, name: string): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const at = globalScopeOf(scope)
    const record = await records.find(roles, at, name)
    if (!record) throw noSuchEntity(`role with name ${name}`)
    const profiles = await records.list(instanceProfiles, at)
    if (profiles.some((profile) => profile.value.roleName === name)) {
      throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
    }
    if (record.value.inlinePolicies.length > 0) {
      throw deleteConflict('Cannot delete entity, must delete policies first.')
    }
    if (record.value.attachedPolicyArns.length > 0) {
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    }
    await records.remove(record)
  })
}

export function roleShape(role: Role): RoleShape {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeDocument(role.trustPolicy),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionSeconds,
    ...(role.tags.length > 0 ? { Tags: [...role.tags] } : {}),
  }
}
