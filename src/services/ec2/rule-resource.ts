import { securityGroups, type RuleDirection } from '../../network/records.ts'
import { valuesOf } from '../../network/lookup.ts'
import type { Properties, ResourceContext, ResourceState } from '../../stacks/resource-type.ts'
import type { Ec2Deps } from './deps.ts'
import { groupIdOf, rulesOf } from './permissions.ts'
import { permissionOf } from './rule-properties.ts'
import { derivedId, removeWhenFree, textOf } from './stack-call.ts'

/** One rule as a resource of its own. Its id comes from the token, so that a second attempt finds it. */
export async function ruleResource(
  direction: RuleDirection,
  at: { properties: Properties; context: ResourceContext; deps: Ec2Deps },
): Promise<ResourceState> {
  const { properties, context, deps } = at
  const { scope } = context
  const ruleId = derivedId('sgr', context)
  const groupId = await groupIdOf(deps, scope, {
    GroupId: textOf(properties, 'GroupId'),
    GroupName: textOf(properties, 'GroupName'),
  })
  if (!(await groupOfRule(deps, context, ruleId))) {
    const rules = await rulesOf(deps, scope, { groupId, permissions: [permissionOf(properties)] })
    const named = rules.map((rule) => ({ ...rule, ruleId }))
    await deps.network.security.authorize(scope, { groupId, direction }, named)
  }
  await context.started(ruleId)
  return { physicalId: ruleId, attributes: { Id: ruleId } }
}

export async function removeRule(
  direction: RuleDirection,
  at: { physicalId: string; context: ResourceContext; deps: Ec2Deps },
): Promise<void> {
  const { physicalId, context, deps } = at
  const groupId = await groupOfRule(deps, context, physicalId)
  if (groupId === undefined) return
  await removeWhenFree(physicalId, context, () =>
    deps.network.security.revokeById(context.scope, { groupId, direction }, [physicalId]),
  )
}

async function groupOfRule(
  { store }: Ec2Deps,
  { scope }: ResourceContext,
  ruleId: string,
): Promise<string | undefined> {
  const groups = await valuesOf(store, securityGroups, scope)
  return groups.find((group) => group.rules.some((rule) => rule.ruleId === ruleId))?.groupId
}
