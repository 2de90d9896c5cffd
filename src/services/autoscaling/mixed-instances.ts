import type {
  InstancesDistribution,
  LaunchTemplateOverrides,
  MixedInstancesPolicy,
} from '@aws-sdk/client-auto-scaling'
import { instanceSizes } from '../../compute/domain/instance-sizes.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { GroupTemplate, MixedInstances } from '../../scale/group.ts'
import { firstRefused, is } from '../../wire/accept.ts'
import { unsupportedMember, validationError } from './errors.ts'
import type { AutoScalingDeps } from './service-deps.ts'
import { checkTemplate } from './check-template.ts'

const templateMembers = {
  LaunchTemplateId: true,
  LaunchTemplateName: true,
  Version: true,
} as const

/**
 * The members of a policy that are honoured: instances on demand, of the first type of the list that can be launched. There is
 * no spot market here, so a part of the group on it is refused; settings of that part have nothing to work on, on AWS either.
 */
export const mixedInstancesMembers = {
  LaunchTemplate: {
    LaunchTemplateSpecification: templateMembers,
    Overrides: {
      InstanceType: true,
      WeightedCapacity: true,
      LaunchTemplateSpecification: templateMembers,
    },
  },
  InstancesDistribution: {
    OnDemandAllocationStrategy: is('prioritized'),
    OnDemandBaseCapacity: true,
    OnDemandPercentageAboveBaseCapacity: is(100),
    SpotAllocationStrategy: true,
    SpotInstancePools: true,
    SpotMaxPrice: true,
  },
} as const

const overridesMax = 40

export interface MixedSource {
  readonly launchTemplate: GroupTemplate
  readonly mixedInstances: MixedInstances
}

/** A group's source of instances out of a policy, checked. */
export async function checkMixedInstances(
  deps: AutoScalingDeps,
  scope: Scope,
  policy: MixedInstancesPolicy,
): Promise<MixedSource> {
  // Templates of stacks come here past the wire, which looks at what operations accept.
  const refused = firstRefused(policy, mixedInstancesMembers)
  if (refused !== undefined) {
    throw unsupportedMember(`MixedInstancesPolicy.${refused}`, 'an Auto Scaling group')
  }
  const { LaunchTemplateSpecification: template, Overrides = [] } = policy.LaunchTemplate ?? {}
  if (!template) {
    throw validationError(
      'The mixed instances policy must contain a launch template specification.',
    )
  }
  if (Overrides.length > overridesMax) {
    throw validationError(`A launch template can have up to ${overridesMax} overrides.`)
  }
  const types = Overrides.map(({ InstanceType }) => InstanceType)
  if (new Set(types).size < types.length) {
    throw validationError('Each override of the mixed instances policy must be of another type.')
  }
  const weighted = Overrides.filter(({ WeightedCapacity }) => WeightedCapacity !== undefined)
  if (weighted.length > 0 && weighted.length < Overrides.length) {
    throw validationError(
      'If you specify a WeightedCapacity for one override, you must specify one for all of them.',
    )
  }
  return {
    launchTemplate: await checkTemplate(deps, scope, template),
    mixedInstances: {
      overrides: await Promise.all(Overrides.map((each) => checkOverride(deps, scope, each))),
      distribution: distributionOf(policy.InstancesDistribution ?? {}),
    },
  }
}

async function checkOverride(
  deps: AutoScalingDeps,
  scope: Scope,
  given: LaunchTemplateOverrides,
): Promise<MixedInstances['overrides'][number]> {
  const { InstanceType: instanceType, LaunchTemplateSpecification: template } = given
  if (instanceType === undefined) {
    throw validationError('Each override of the mixed instances policy must name an instance type.')
  }
  if (!instanceSizes.has(instanceType)) {
    throw validationError(`The specified instance type ${instanceType} is not valid.`)
  }
  const { WeightedCapacity: weightedCapacity } = given
  if (weightedCapacity !== undefined && !/^[1-9]\d{0,2}$/.test(weightedCapacity)) {
    throw validationError(
      `WeightedCapacity ${weightedCapacity} is not valid: a weight is a whole number between 1 and 999.`,
    )
  }
  return {
    instanceType,
    ...(weightedCapacity !== undefined && { weightedCapacity }),
    ...(template && { launchTemplate: await checkTemplate(deps, scope, template) }),
  }
}

/** What AWS shows where nothing was said. */
function distributionOf(given: InstancesDistribution): MixedInstances['distribution'] {
  const base = given.OnDemandBaseCapacity ?? 0
  if (!Number.isInteger(base) || base < 0) {
    throw validationError('OnDemandBaseCapacity must be a whole number of at least 0')
  }
  return {
    onDemandBaseCapacity: base,
    spotAllocationStrategy: given.SpotAllocationStrategy ?? 'lowest-price',
    ...(given.SpotInstancePools !== undefined && { spotInstancePools: given.SpotInstancePools }),
    ...(given.SpotMaxPrice !== undefined && { spotMaxPrice: given.SpotMaxPrice }),
  }
}

/** As DescribeAutoScalingGroups shows it. */
export function mixedInstancesShape(
  launchTemplate: GroupTemplate,
  { overrides, distribution }: MixedInstances,
): MixedInstancesPolicy {
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification: templateShape(launchTemplate),
      Overrides: overrides.map((each) => ({
        InstanceType: each.instanceType,
        ...(each.weightedCapacity !== undefined && { WeightedCapacity: each.weightedCapacity }),
        ...(each.launchTemplate && {
          LaunchTemplateSpecification: templateShape(each.launchTemplate),
        }),
      })),
    },
    InstancesDistribution: {
      OnDemandAllocationStrategy: 'prioritized',
      OnDemandBaseCapacity: distribution.onDemandBaseCapacity,
      OnDemandPercentageAboveBaseCapacity: 100,
      SpotAllocationStrategy: distribution.spotAllocationStrategy,
      ...(distribution.spotInstancePools !== undefined && {
        SpotInstancePools: distribution.spotInstancePools,
      }),
      ...(distribution.spotMaxPrice !== undefined && { SpotMaxPrice: distribution.spotMaxPrice }),
    },
  }
}

function templateShape({ launchTemplateId, launchTemplateName, version }: GroupTemplate) {
  return {
    LaunchTemplateId: launchTemplateId,
    LaunchTemplateName: launchTemplateName,
    Version: version,
  }
}
