import type { CreateUserRequest } from '@aws-sdk/client-iam'
import { globalScopeOf, users } from '../../../identity/records.ts'
import type { ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import { checkTags } from '../names.ts'
import type { IamDeps } from '../service-deps.ts'
import { changeUser, createUser, deleteUser } from '../users.ts'
import { holderPolicies, mergedPolicies, type PolicyProperties } from './holder-policies.ts'

type UserProperties = Partial<CreateUserRequest> & PolicyProperties

/** `AWS::IAM::User` */
export function userType(deps: IamDeps): ResourceType {
  return {
    name: 'AWS::IAM::User',
    properties: {
      UserName: 'string',
      Path: 'string',
      ManagedPolicyArns: true,
      Policies: { PolicyName: 'string', PolicyDocument: 'json' },
      Tags: { Key: 'string', Value: 'string' },
    },
    required: [],
    attributes: ['Arn'],
    replaceOn: ['UserName', 'Path'],
    keepsTags: true,
    capability: { nameProperty: 'UserName' },
    async create(properties, context) {
      const { scope, token } = context
      const {
        Policies: _inline,
        ManagedPolicyArns: _attached,
        ...given
      } = properties as UserProperties
      const policies = await holderPolicies(deps, scope, properties)
      const input = { ...given, UserName: given.UserName ?? context.physicalName(64) }
      const { userName } = await createUser(deps, { scope, token }, input)
      await context.started(userName)
      const user = await changeUser(deps, scope, userName, (value) => ({ ...value, ...policies }))
      return stateOf(user)
    },
    async update({ physicalId, before, after }, { scope }) {
      const given = after as UserProperties
      const policies = await holderPolicies(deps, scope, given)
      const tags = checkTags(given.Tags)
      const user = await changeUser(deps, scope, physicalId, (value) => ({
        ...value,
        ...mergedPolicies(value, before, policies),
        tags,
      }))
      return stateOf(user)
    },
    async remove({ physicalId }, { scope }) {
      const { store } = deps.identity.context
      if (!(await store.find(users, globalScopeOf(scope), physicalId))) return
      const bare = { inlinePolicies: [], attachedPolicyArns: [] }
      await changeUser(deps, scope, physicalId, (value) => ({ ...value, ...bare }))
      await deleteUser(deps, scope, physicalId)
    },
  }
}

function stateOf(user: { userName: string; arn: string }): ResourceState {
  return { physicalId: user.userName, attributes: { Arn: user.arn } }
}
