import type {
  InstancesDistribution,
  LaunchTemplateOverrides,
  LaunchTemplateSpecification,
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
 * The members of a policy that are honoured: the first type of the list that can be launched, on demand and on spot. There are no prices
 * here, and all types draw on the same host: strategies of spot that go by either are met by the order of the list.
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
    OnDemandPercentageAboveBaseCapacity: true,
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
  const ofTemplates = [template, ...Overrides.map((each) => each.LaunchTemplateSpecification)]
  await refuseMarkets(deps, scope, ofTemplates)
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

/** Which part of a group is on spot is the policy's to say. */
async function refuseMarkets(
  { scale }: AutoScalingDeps,
  scope: Scope,
  templates: readonly (LaunchTemplateSpecification | undefined)[],
): Promise<void> {
  for (const given of templates) {
    if (!given) continue
    const found = await scale.ports.launchTemplates
      .resolve(scope, {
        ...(given.LaunchTemplateId && { launchTemplateId: given.LaunchTemplateId }),
        ...(given.LaunchTemplateName && { launchTemplateName: given.LaunchTemplateName }),
        version: given.Version ?? '$Default',
      })
      .catch(() => undefined)
    if (found?.request.spot === undefined) continue
    throw validationError(
      'Incompatible launch template: Instance market options should not be configured in the launch template of a mixed instances policy.',
    )
  }
}

const spotStrategies: readonly string[] = [
  'lowest-price',
  'capacity-optimized',
  'capacity-optimized-prioritized',
  'price-capacity-optimized',
]

/** What AWS shows where nothing was said. */
function distributionOf(given: InstancesDistribution): MixedInstances['distribution'] {
  const percent = given.OnDemandPercentageAboveBaseCapacity ?? 100
  const { SpotAllocationStrategy: strategy = 'lowest-price', SpotInstancePools: pools } = given
  if (!spotStrategies.includes(strategy)) {
    throw validationError(
      `SpotAllocationStrategy ${strategy} is not valid: ${spotStrategies.join(', ')} are.`,
    )
  }
  if (pools !== undefined && strategy !== 'lowest-price') {
    throw validationError(
      'SpotInstancePools option is only available with the lowest-price allocation strategy.',
    )
  }
  const price = given.SpotMaxPrice
  if (price !== undefined && price !== '' && !isPrice(price)) {
    throw validationError(`SpotMaxPrice ${price} is not a price: a decimal number above 0`)
  }
  return {
    onDemandBaseCapacity: whole('OnDemandBaseCapacity', given.OnDemandBaseCapacity ?? 0),
    onDemandPercent: whole('OnDemandPercentageAboveBaseCapacity', percent, { max: 100 }),
    spotAllocationStrategy: strategy,
    ...(strategy === 'lowest-price' && {
      spotInstancePools: whole('SpotInstancePools', pools ?? spotPoolsUsual, { min: 1, max: 20 }),
    }),
    ...(price !== undefined && price !== '' && { spotMaxPrice: price }),
  }
}

/** AWS's own, where `lowest-price` comes without a number. */
const spotPoolsUsual = 2

/** In dollars an hour. */
export function isPrice(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text) && Number(text) > 0
}

function whole(
  name: string,
  value: number,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value
  const bounds =
    max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `between ${min} and ${max}`
  throw validationError(`${name} must be a whole number ${bounds}`)
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
      OnDemandPercentageAboveBaseCapacity: distribution.onDemandPercent ?? 100,
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
