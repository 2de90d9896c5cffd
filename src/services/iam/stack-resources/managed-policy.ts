import { globalScopeOf, managedPolicies, type ManagedPolicy } from '../../../identity/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { Inventory, ResourceState, ResourceType } from '../../../stacks/resource-type.ts'
import { createPolicy, changePolicy, versionOf } from '../managed-policies.ts'
import { holdersOf } from '../holders.ts'
import { checkPolicy } from '../names.ts'
import { withAttached } from '../policies.ts'
import type { IamDeps } from '../service-deps.ts'
import { changeHolders, changeHoldersLeft, type NamedHolders } from './named-holders.ts'

interface ManagedProperties extends NamedHolders {
  readonly ManagedPolicyName?: string
  readonly PolicyDocument?: string
  readonly Path?: string
  readonly Description?: string
}

/** `AWS::IAM::ManagedPolicy`; `Ref` is its ARN. */
export function managedPolicyType(deps: IamDeps): ResourceType {
  const { store, clock } = deps.identity.context

  const attach = (scope: Scope, arn: string, given: ManagedProperties): Promise<void> =>
    changeHolders(deps, scope, given, (holder) => withAttached(holder, arn))

  /** From those that `keep` does not name. */
  async function detach(scope: Scope, arn: string, keep: ManagedProperties = {}): Promise<void> {
    const holders = await holdersOf(store, scope, arn)
    const left = {
      Roles: holders.roles.map(({ roleName }) => roleName).filter(isNotIn(keep.Roles)),
      Users: holders.users.map(({ userName }) => userName).filter(isNotIn(keep.Users)),
      Groups: holders.groups.map(({ groupName }) => groupName).filter(isNotIn(keep.Groups)),
    }
    await changeHoldersLeft(deps, scope, left, (holder) => ({
      ...holder,
      attachedPolicyArns: holder.attachedPolicyArns.filter((each) => each !== arn),
    }))
  }

  return {
    name: 'AWS::IAM::ManagedPolicy',
    properties: {
      ManagedPolicyName: 'string',
      PolicyDocument: 'json',
      Path: 'string',
      Description: 'string',
      Roles: true,
      Users: true,
      Groups: true,
    },
    required: ['PolicyDocument'],
    attributes: ['PolicyArn', 'PolicyId'],
    replaceOn: ['ManagedPolicyName', 'Path', 'Description'],
    capability: { nameProperty: 'ManagedPolicyName' },
    async create(properties, context) {
      const { scope, token } = context
      const given = properties as ManagedProperties
      const { PolicyDocument, Path, Description } = given
      const PolicyName = given.ManagedPolicyName ?? context.physicalName(128)
      const input = { PolicyName, PolicyDocument, Path, Description }
      const policy = await createPolicy(deps, { scope, token }, input)
      await context.started(policy.arn)
      await attach(scope, policy.arn, given)
      return stateOf(policy)
    },
    async update({ physicalId: arn, after }, { scope }) {
      const given = after as ManagedProperties
      const document = checkPolicy(given.PolicyDocument, 'identity')
      const at = clock.now()
      const policy = await changePolicy(deps, scope, arn, (value) => renewed(value, document, at))
      await detach(scope, arn, given)
      await attach(scope, arn, given)
      return stateOf(policy)
    },
    async remove({ physicalId: arn }, { scope }) {
      await detach(scope, arn)
      const held = await store.list(managedPolicies, globalScopeOf(scope))
      const record = held.find((each) => each.value.arn === arn)
      if (record) await store.remove(record)
    },
    inventory: policyInventory(deps),
  }
}

function policyInventory({ identity }: IamDeps): Inventory {
  const { store } = identity.context
  const all = async (scope: Scope): Promise<readonly ManagedPolicy[]> =>
    (await store.list(managedPolicies, globalScopeOf(scope))).map(({ value }) => value)
  return {
    identifier: 'PolicyArn',
    async list(scope) {
      return (await all(scope)).map(({ arn }) => arn)
    },
    async describe(physicalId, scope) {
      const policy = (await all(scope)).find(({ arn }) => arn === physicalId)
      if (!policy) return undefined
      const { document } = versionOf(policy, policy.defaultVersionId)
      const holders = await holdersOf(store, scope, physicalId)
      return {
        ...{ ManagedPolicyName: policy.name, Path: policy.path, Description: policy.description },
        PolicyDocument: document,
        Roles: holders.roles.map(({ roleName }) => roleName),
        Users: holders.users.map(({ userName }) => userName),
        Groups: holders.groups.map(({ groupName }) => groupName),
        ...stateOf(policy).attributes,
      }
    },
  }
}

function isNotIn(kept: readonly string[] | undefined): (name: string) => boolean {
  return (name) => !kept?.includes(name)
}

/** A new default version in place of the old one, as CloudFormation does it. */
function renewed(policy: ManagedPolicy, document: string, at: number): ManagedPolicy {
  const current = policy.versions.find((each) => each.versionId === policy.defaultVersionId)
  if (current?.document === document) return policy
  const versionId = `v${policy.versionsMade + 1}`
  return {
    ...policy,
    versions: [{ versionId, document, createdAt: at }],
    versionsMade: policy.versionsMade + 1,
    defaultVersionId: versionId,
    updatedAt: at,
  }
}

function stateOf(policy: ManagedPolicy): ResourceState {
  const { arn, policyId } = policy
  return { physicalId: arn, attributes: { PolicyArn: arn, PolicyId: policyId } }
}
