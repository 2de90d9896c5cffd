import type { CreateRoleRequest } from '@aws-sdk/client-iam'
import { globalScopeOf, roles, type Role } from '../../../identity/records.ts'
import type {
  Inventory,
  Properties,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import { checkMaxSession, checkPolicy, checkTags } from '../names.ts'
import { roleEntities, createRole, deleteRole } from '../roles.ts'
import type { IamDeps } from '../service-deps.ts'
import {
  describedPolicies,
  holderPolicies,
  mergedPolicies,
  type PolicyProperties,
} from './holder-policies.ts'

type RoleProperties = Partial<CreateRoleRequest> & PolicyProperties

/** `AWS::IAM::Role` */
export function roleType(deps: IamDeps): ResourceType {
  return {
    name: 'AWS::IAM::Role',
    properties: {
      RoleName: 'string',
      Path: 'string',
      AssumeRolePolicyDocument: 'json',
      Description: 'string',
      MaxSessionDuration: 'number',
      ManagedPolicyArns: true,
      Policies: { PolicyName: 'string', PolicyDocument: 'json' },
      Tags: { Key: 'string', Value: 'string' },
    },
    required: ['AssumeRolePolicyDocument'],
    attributes: ['Arn', 'RoleId'],
    replaceOn: ['RoleName', 'Path'],
    keepsTags: true,
    capability: { nameProperty: 'RoleName' },
    async create(properties, context) {
      const { scope, token } = context
      const {
        Policies: _inline,
        ManagedPolicyArns: _attached,
        ...given
      } = properties as RoleProperties
      const policies = await holderPolicies(deps, scope, properties)
      const input = {
        ...given,
        RoleName: given.RoleName ?? context.physicalName(64),
        AssumeRolePolicyDocument: given.AssumeRolePolicyDocument,
      }
      const { roleName } = await createRole(deps, { scope, token }, input)
      await context.started(roleName)
      const role = await roleEntities.change(deps, scope, roleName, (value) => ({
        ...value,
        ...policies,
      }))
      return stateOf(role)
    },
    async update({ physicalId, before, after }, { scope }) {
      const given = after as RoleProperties
      const policies = await holderPolicies(deps, scope, given)
      const trustPolicy = checkPolicy(given.AssumeRolePolicyDocument, 'trust')
      const maxSessionSeconds = checkMaxSession(given.MaxSessionDuration)
      const tags = checkTags(given.Tags)
      const role = await roleEntities.change(deps, scope, physicalId, (value) => ({
        ...value,
        ...mergedPolicies(value, before, policies),
        trustPolicy,
        maxSessionSeconds,
        tags,
        description: given.Description,
      }))
      return stateOf(role)
    },
    async remove({ physicalId }, { scope }) {
      const { store } = deps.identity.context
      if (!(await store.find(roles, globalScopeOf(scope), physicalId))) return
      const bare = { inlinePolicies: [], attachedPolicyArns: [] }
      await roleEntities.change(deps, scope, physicalId, (value) => ({ ...value, ...bare }))
      await deleteRole(deps, scope, physicalId)
    },
    inventory: roleInventory(deps),
  }
}

function roleInventory(deps: IamDeps): Inventory {
  return {
    identifier: 'RoleName',
    async list(scope) {
      const all = await deps.identity.context.store.list(roles, globalScopeOf(scope))
      return all.map(({ id }) => id)
    },
    async describe(physicalId, scope) {
      const { store } = deps.identity.context
      const found = await store.find(roles, globalScopeOf(scope), physicalId)
      return found && described(found.value)
    },
  }
}

function described(role: Role): Properties {
  return {
    RoleName: role.roleName,
    Path: role.path,
    AssumeRolePolicyDocument: role.trustPolicy,
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds,
    ...describedPolicies(role),
    Tags: role.tags,
    ...stateOf(role).attributes,
  }
}

function stateOf(role: { roleName: string; arn: string; roleId: string }): ResourceState {
  return { physicalId: role.roleName, attributes: { Arn: role.arn, RoleId: role.roleId } }
}
