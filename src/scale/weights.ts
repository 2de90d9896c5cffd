import type { MixedView } from './domain/views.ts'
import type { Group, Member, MixedInstances } from './group.ts'

type Mixed = Pick<Group, 'mixedInstances' | 'refreshMixed'>

/** The policy that holds now: an instance refresh brings its own. */
export function policyOf({ mixedInstances, refreshMixed }: Mixed): MixedInstances | undefined {
  return refreshMixed ?? mixedInstances
}

/** Whether a group's sizes are in units that its types weigh; else every instance is one. */
export function isWeighted(group: Mixed): boolean {
  return (policyOf(group)?.overrides ?? []).some((each) => each.weightedCapacity !== undefined)
}

/**
 * How many units of its group an instance of a type counts for: as the group's policy says now. A type that was taken out of the policy
 * keeps the weight that it had last, as on AWS.
 */
export function weightOf(group: Mixed, instanceType: string | undefined): number {
  if (!isWeighted(group) || instanceType === undefined) return 1
  const { overrides = [], formerWeights = {} } = policyOf(group) ?? {}
  const named = overrides.find((each) => each.instanceType === instanceType)
  return Number(named?.weightedCapacity ?? formerWeights[instanceType] ?? 1)
}

/** Units of capacity of some of a group's members. */
export function weightOfAll(
  group: Mixed,
  members: readonly Pick<Member, 'instanceType'>[],
): number {
  return members.reduce((sum, member) => sum + weightOf(group, member.instanceType), 0)
}

/** Whether a group may have a warm pool: as on AWS not one of weights, nor one on spot. */
export function mayHavePool(group: Mixed): boolean {
  return !isWeighted(group) && (policyOf(group)?.distribution.onDemandPercent ?? 100) === 100
}

/** A policy in the place of a group's present one: it remembers what types weighed that it no longer names. */
export function withFormerWeights(
  before: MixedInstances | undefined,
  after: MixedInstances,
): MixedInstances {
  const weighed = (before?.overrides ?? []).flatMap(({ instanceType, weightedCapacity }) =>
    weightedCapacity === undefined ? [] : [[instanceType, Number(weightedCapacity)] as const],
  )
  const formerWeights = { ...before?.formerWeights, ...Object.fromEntries(weighed) }
  return Object.keys(formerWeights).length > 0 ? { ...after, formerWeights } : after
}

/** A group's types and markets as its plan sees them. */
export function mixedViewOf(group: Mixed): MixedView | undefined {
  const policy = policyOf(group)
  if (!policy) return undefined
  const { overrides, distribution } = policy
  const isByPrice = distribution.spotAllocationStrategy === 'lowest-price'
  return {
    types: overrides.map(({ instanceType }) => ({
      instanceType,
      weight: weightOf(group, instanceType),
    })),
    onDemandBase: distribution.onDemandBaseCapacity,
    onDemandPercent: distribution.onDemandPercent ?? 100,
    spotPools: isByPrice ? (distribution.spotInstancePools ?? spotPoolsUsual) : 1,
  }
}

/** AWS's own, where `lowest-price` comes without a number. */
const spotPoolsUsual = 2
