import type { CreateGroupRequest } from '@aws-sdk/client-iam'
import { globalScopeOf, groups } from '../../../identity/records.ts'
import type { Inventory, ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import { groupEntities, createGroup, deleteGroup } from '../groups.ts'
import type { IamDeps } from '../service-deps.ts'
import {
  describedPolicies,
  holderPolicies,
  mergedPolicies,
  type PolicyProperties,
} from './holder-policies.ts'

type GroupProperties = Partial<CreateGroupRequest> & PolicyProperties

/** `AWS::IAM::Group` */
export function groupType(deps: IamDeps): ResourceType {
  return {
    name: 'AWS::IAM::Group',
    properties: {
      GroupName: 'string',
      Path: 'string',
      ManagedPolicyArns: true,
      Policies: { PolicyName: 'string', PolicyDocument: 'json' },
    },
    required: [],
    attributes: ['Arn'],
    replaceOn: ['GroupName', 'Path'],
    capability: { nameProperty: 'GroupName' },
    async create(properties, context) {
      const { scope, token } = context
      const { GroupName: given, Path } = properties as GroupProperties
      const policies = await holderPolicies(deps, scope, properties)
      const input = { GroupName: given ?? context.physicalName(128), Path }
      const { groupName } = await createGroup(deps, { scope, token }, input)
      await context.started(groupName)
      return stateOf(
        await groupEntities.change(deps, scope, groupName, (value) => ({ ...value, ...policies })),
      )
    },
    async update({ physicalId, before, after }, { scope }) {
      const policies = await holderPolicies(deps, scope, after)
      const group = await groupEntities.change(deps, scope, physicalId, (value) => ({
        ...value,
        ...mergedPolicies(value, before, policies),
      }))
      return stateOf(group)
    },
    async remove({ physicalId }, { scope }) {
      const { store } = deps.identity.context
      if (!(await store.find(groups, globalScopeOf(scope), physicalId))) return
      const bare = { inlinePolicies: [], attachedPolicyArns: [] }
      await groupEntities.change(deps, scope, physicalId, (value) => ({ ...value, ...bare }))
      await deleteGroup(deps, scope, physicalId)
    },
    inventory: groupInventory(deps),
  }
}

function groupInventory({ identity }: IamDeps): Inventory {
  const { store } = identity.context
  return {
    identifier: 'GroupName',
    async list(scope) {
      return (await store.list(groups, globalScopeOf(scope))).map(({ id }) => id)
    },
    async describe(physicalId, scope) {
      const group = (await store.find(groups, globalScopeOf(scope), physicalId))?.value
      return (
        group && {
          ...{ GroupName: group.groupName, Path: group.path },
          ...describedPolicies(group),
          Arn: group.arn,
        }
      )
    },
  }
}

function stateOf(group: { groupName: string; arn: string }): ResourceState {
  return { physicalId: group.groupName, attributes: { Arn: group.arn } }
}
