import {
  globalScopeOf,
  groups,
  roles,
  users,
  type InlinePolicy,
} from '../../../identity/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { modify } from '../../../store/records.ts'
import { validationError } from '../errors.ts'
import { changeGroup } from '../groups.ts'
import { checkName, checkPolicy } from '../names.ts'
import { withInline } from '../policies.ts'
import { changeRole } from '../roles.ts'
import type { IamDeps } from '../service-deps.ts'
import { changeUser } from '../users.ts'

interface InlineProperties {
  readonly PolicyName?: string
  readonly PolicyDocument?: string
  readonly Roles?: readonly string[]
  readonly Users?: readonly string[]
  readonly Groups?: readonly string[]
}

/** `AWS::IAM::Policy`: one inline policy, written into every role, user and group that it names. */
export function policyType(deps: IamDeps): ResourceType {
  async function put(scope: Scope, properties: Properties): Promise<void> {
    const given = properties as InlineProperties
    const holders = [...(given.Roles ?? []), ...(given.Users ?? []), ...(given.Groups ?? [])]
    if (holders.length === 0) {
      throw validationError('At least one of Groups, Roles and Users must be non-empty.')
    }
    const name = checkName('policyName', given.PolicyName, 128)
    const document = checkPolicy(given.PolicyDocument, 'identity')
    const policy: InlinePolicy = { name, document }
    for (const role of given.Roles ?? []) {
      await changeRole(deps, scope, role, (value) => withInline(value, policy))
    }
    for (const user of given.Users ?? []) {
      await changeUser(deps, scope, user, (value) => withInline(value, policy))
    }
    for (const group of given.Groups ?? []) {
      await changeGroup(deps, scope, group, (value) => withInline(value, policy))
    }
  }

  /** From all that it names; holders that are gone took it along. */
  async function take(scope: Scope, properties: Properties): Promise<void> {
    const given = properties as InlineProperties
    const { store } = deps.identity.context
    const without = <T extends { readonly inlinePolicies: readonly InlinePolicy[] }>(value: T) => ({
      ...value,
      inlinePolicies: value.inlinePolicies.filter((each) => each.name !== given.PolicyName),
    })
    const at = globalScopeOf(scope)
    for (const id of given.Roles ?? []) await modify(store, { kind: roles, scope: at, id }, without)
    for (const id of given.Users ?? []) await modify(store, { kind: users, scope: at, id }, without)
    for (const id of given.Groups ?? []) {
      await modify(store, { kind: groups, scope: at, id }, without)
    }
  }

  return {
    name: 'AWS::IAM::Policy',
    properties: {
      PolicyName: 'string',
      PolicyDocument: 'json',
      Roles: true,
      Users: true,
      Groups: true,
    },
    required: ['PolicyName', 'PolicyDocument'],
    attributes: [],
    replaceOn: [],
    // CAPABILITY_IAM is enough: there is no property that names it.
    capability: { nameProperty: '' },
    async create(properties, context) {
      const physicalId = context.physicalName(128)
      await context.started(physicalId)
      await put(context.scope, properties)
      return { physicalId, attributes: {} }
    },
    async update({ physicalId, before, after }, { scope }) {
      await take(scope, before)
      await put(scope, after)
      return { physicalId, attributes: {} }
    },
    remove: ({ properties }, { scope }) => take(scope, properties),
  }
}
