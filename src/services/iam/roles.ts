import type { CreateRoleRequest, Role as RoleShape } from '@aws-sdk/client-iam'
import { identityId } from '../../identity/key-text.ts'
import { globalScopeOf, instanceProfiles, roles, type Role } from '../../identity/records.ts'
import { globalArnOf } from '../../kernel/arn.ts'
import type { Scope } from '../../kernel/scope.ts'
import { deleteConflict } from './errors.ts'
import {
  checkMaxSession,
  checkName,
  checkPath,
  checkPolicy,
  checkTags,
  encodeDocument,
} from './names.ts'
import { madeFor, namedEntities } from './named-entities.ts'
import { checkFreeOfPolicies } from './policies.ts'
import type { IamDeps, Making } from './service-deps.ts'

export const roleEntities = namedEntities<Role>({
  kind: roles,
  nameOf: ({ roleName }) => roleName,
  missing: (name) => `role with name ${name}`,
  taken: (name) => `Role with name ${name}`,
})

export async function createRole(
  deps: IamDeps,
  making: Making,
  input: CreateRoleRequest,
): Promise<Role> {
  const { random, clock } = deps.identity.context
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
    ...madeFor(making),
  }
  return roleEntities.insert(deps, making, role)
}

export async function deleteRole(deps: IamDeps, scope: Scope, name: string): Promise<void> {
  await deps.identity.context.store.transaction(async (records) => {
    const record = await roleEntities.within(records, scope, name)
    const profiles = await records.list(instanceProfiles, globalScopeOf(scope))
    if (profiles.some((profile) => profile.value.roleName === name)) {
      throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
    }
    checkFreeOfPolicies(record.value)
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
