import type {
  LaunchTemplateSpecification,
  MixedInstancesPolicy,
} from '@aws-sdk/client-auto-scaling'
import type { Group } from '../../scale/group.ts'
import { mixedInstancesShape } from './mixed-instances.ts'

/** A policy of an update: what it does not name stays as the group has it. */
export function mergedPolicy(
  { launchTemplate, mixedInstances }: Group,
  given: MixedInstancesPolicy | undefined,
): MixedInstancesPolicy | undefined {
  if (!given || !mixedInstances) return given
  const shown = mixedInstancesShape(launchTemplate, mixedInstances)
  const { LaunchTemplateSpecification: template, Overrides = [] } = shown.LaunchTemplate ?? {}
  const kept = {
    LaunchTemplateSpecification: named(template),
    Overrides: Overrides.map((each) => ({
      ...each,
      LaunchTemplateSpecification: named(each.LaunchTemplateSpecification),
    })),
  }
  const { SpotInstancePools, ...distribution } = {
    ...shown.InstancesDistribution,
    ...given.InstancesDistribution,
  }
  // Of the strategy of the lowest price alone: another one leaves it behind.
  const isByPrice = distribution.SpotAllocationStrategy === 'lowest-price'
  const pools = isByPrice ? SpotInstancePools : given.InstancesDistribution?.SpotInstancePools
  return {
    LaunchTemplate: { ...kept, ...given.LaunchTemplate },
    InstancesDistribution: { ...distribution, SpotInstancePools: pools },
  }
}

/** A template is shown by id and name; a request names it by one of them. */
function named(
  template: LaunchTemplateSpecification | undefined,
): LaunchTemplateSpecification | undefined {
  return template && { LaunchTemplateId: template.LaunchTemplateId, Version: template.Version }
}
