import type { DesiredConfiguration } from '@aws-sdk/client-auto-scaling'
import type { Scope } from '../../kernel/scope.ts'
import type { TemplateVersion } from '../../scale/domain/refresh.ts'
import type { Group } from '../../scale/group.ts'
import { isWeighted, mayHavePool } from '../../scale/weights.ts'
import { checkTemplate } from './check-template.ts'
import { poolOfMixedGroup, validationError } from './errors.ts'
import type { LaunchSource } from './group-specification.ts'
import { mergedPolicy } from './merged-policy.ts'
import { checkMixedInstances } from './mixed-instances.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** What a refresh is to bring its group to, beside its preferences. */
export async function checkDesired(
  deps: AutoScalingDeps,
  scope: Scope,
  group: Group,
  given: DesiredConfiguration | undefined,
): Promise<Partial<LaunchSource>> {
  const { LaunchTemplate, MixedInstancesPolicy: policy } = given ?? {}
  if (!policy)
    return LaunchTemplate
      ? { launchTemplate: await checkTemplate(deps, scope, LaunchTemplate) }
      : {}
  if (LaunchTemplate) {
    throw validationError(
      'DesiredConfiguration must contain either LaunchTemplate or MixedInstancesPolicy, and not both.',
    )
  }
  const merged = mergedPolicy(group, policy) ?? policy
  const source = await checkMixedInstances(deps, scope, merged)
  if (isWeighted(source) !== isWeighted(group)) {
    throw validationError(
      'An instance refresh cannot give weights to a group without them, or take them away: update the group first.',
    )
  }
  if (group.warmPool && !mayHavePool(source)) throw poolOfMixedGroup(group.name)
  return source
}

/** The types that a policy lists, if it lists any. */
export function typesIn(mixed: Group['mixedInstances']): Pick<TemplateVersion, 'instanceTypes'> {
  const types = (mixed?.overrides ?? []).map(({ instanceType }) => instanceType)
  return types.length > 0 ? { instanceTypes: types } : {}
}
