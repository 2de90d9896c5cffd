import type { IpPermission, SecurityGroupRuleDescription } from '@aws-sdk/client-ec2'
import type { Scope } from '../../kernel/scope.ts'
import type { RuleDirection } from '../../network/records.ts'
import type { Ec2Deps } from './deps.ts'
import { invalidCombination } from './errors.ts'
import { required } from './input.ts'
import { groupIdOf, permissions, rulesOf } from './permissions.ts'

/** Members of a request that describes rules anew. */
export const ruleDescriptions = {
  GroupId: true,
  GroupName: true,
  IpPermissions: permissions,
  SecurityGroupRuleDescriptions: { SecurityGroupRuleId: true, Description: true },
} as const

interface Redescription {
  readonly GroupId?: string | undefined
  readonly GroupName?: string | undefined
  readonly IpPermissions?: IpPermission[] | undefined
  readonly SecurityGroupRuleDescriptions?: SecurityGroupRuleDescription[] | undefined
}

/** Rules by their contents, or by their ids: one of both. */
export async function redescribeRules(
  deps: Ec2Deps,
  scope: Scope,
  { input, direction }: { readonly input: Redescription; readonly direction: RuleDirection },
): Promise<void> {
  const { IpPermissions: byContent = [], SecurityGroupRuleDescriptions: byId = [] } = input
  if (byContent.length > 0 === byId.length > 0) {
    throw invalidCombination(
      'Exactly one of IpPermissions and SecurityGroupRuleDescriptions must be specified.',
    )
  }
  const groupId = await groupIdOf(deps, scope, input)
  const { security } = deps.network
  if (byContent.length > 0) {
    const rules = await rulesOf(deps, scope, { groupId, permissions: byContent })
    return security.describe(scope, { groupId, direction }, rules)
  }
  const descriptions = new Map(
    byId.map((rule) => [
      required(rule.SecurityGroupRuleId, 'SecurityGroupRuleId'),
      rule.Description || undefined,
    ]),
  )
  return security.describeById(scope, { groupId, direction }, descriptions)
}
