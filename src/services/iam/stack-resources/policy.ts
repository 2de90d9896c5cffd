import type { InlinePolicy } from '../../../identity/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { Properties, ResourceType } from '../../../stacks/resource-type.ts'
import { validationError } from '../errors.ts'
import { checkInline } from '../holder-policies.ts'
import { withInline } from '../policies.ts'
import type { IamDeps } from '../service-deps.ts'
import { additionType } from './addition.ts'
import { changeHolders, changeHoldersLeft, type NamedHolders } from './named-holders.ts'

interface InlineProperties extends NamedHolders {
  readonly PolicyName?: string
  readonly PolicyDocument?: string
}

/** `AWS::IAM::Policy`: one inline policy, written into every role, user and group that it names. */
export function policyType(deps: IamDeps): ResourceType {
  async function put(scope: Scope, properties: Properties): Promise<void> {
    const given = properties as InlineProperties
    const holders = [...(given.Roles ?? []), ...(given.Users ?? []), ...(given.Groups ?? [])]
    if (holders.length === 0) {
      throw validationError('At least one of Groups, Roles and Users must be non-empty.')
    }
    const policy: InlinePolicy = checkInline(given)
    await changeHolders(deps, scope, given, (holder) => withInline(holder, policy))
  }

  /** From all that it names; holders that are gone took it along. */
  async function take(scope: Scope, properties: Properties): Promise<void> {
    const given = properties as InlineProperties
    await changeHoldersLeft(deps, scope, given, (holder) => ({
      ...holder,
      inlinePolicies: holder.inlinePolicies.filter((each) => each.name !== given.PolicyName),
    }))
  }

  return additionType({
    name: 'AWS::IAM::Policy',
    properties: {
      PolicyName: 'string',
      PolicyDocument: 'json',
      Roles: true,
      Users: true,
      Groups: true,
    },
    required: ['PolicyName', 'PolicyDocument'],
    put,
    take,
    async replace(scope, before, after) {
      await take(scope, before)
      await put(scope, after)
    },
  })
}
