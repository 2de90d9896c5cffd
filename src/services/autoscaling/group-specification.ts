import type { MixedInstancesPolicy } from '@aws-sdk/client-auto-scaling'
import { classicBalancerArn, classicNameIn } from '../../balance/arns.ts'
import { zonesOf, type Scope } from '../../kernel/scope.ts'
import { terminationPolicies } from '../../scale/domain/choose-termination.ts'
import type { Place } from '../../scale/domain/views.ts'
import type { Group, GroupTag } from '../../scale/group.ts'
import { configurationTemplate } from '../../scale/launch-configurations.ts'
import { checkTemplate } from './check-template.ts'
import { configurationNotFound, validationError } from './errors.ts'
import { checkMixedInstances } from './mixed-instances.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** Checks of what creates and updates of a group name; each throws a ValidationError in AWS's words. */
export function checkSizes(sizes: { min: number; max: number; desired: number }): void {
  const { min, max, desired } = sizes
  for (const [name, size] of Object.entries(sizes)) {
    if (!Number.isInteger(size) || size < 0) {
      throw validationError(`${name} size must be a whole number of at least 0, not ${size}`)
    }
  }
  if (max < min) {
    throw validationError(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`)
  }
  if (desired < min || desired > max) {
    throw validationError(
      `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`,
    )
  }
  if (max > sizeMax) throw validationError(`Max size must be at most ${sizeMax}`)
}

/** A typo should not ask one machine for millions of instances. */
const sizeMax = 10_000

/** What instances are made from: the policy goes where a request names another source. */
export type LaunchSource = Pick<Group, 'launchTemplate' | 'mixedInstances'>

/** The template, the launch configuration or the policy that a request names; undefined when it names none. */
export async function checkLaunchSource(
  deps: AutoScalingDeps,
  scope: Scope,
  given: {
    LaunchTemplate?: Parameters<typeof checkTemplate>[2] | undefined
    LaunchConfigurationName?: string | undefined
    MixedInstancesPolicy?: MixedInstancesPolicy | undefined
  },
): Promise<LaunchSource | undefined> {
  const { LaunchTemplate: template, LaunchConfigurationName: name } = given
  const { MixedInstancesPolicy: policy } = given
  if ([template, name, policy].filter((source) => source !== undefined).length > 1) {
    throw validationError(
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    )
  }
  if (policy) return checkMixedInstances(deps, scope, policy)
  const mixedInstances = undefined
  if (template) {
    return { launchTemplate: await checkTemplate(deps, scope, template), mixedInstances }
  }
  if (name === undefined) return undefined
  const known = await deps.scale.configurations(scope)
  if (!known.some((each) => each.name === name)) throw configurationNotFound(name)
  return { launchTemplate: configurationTemplate(name), mixedInstances }
}

export async function checkPlaces(
  deps: AutoScalingDeps,
  scope: Scope,
  given: { VPCZoneIdentifier?: string | undefined; AvailabilityZones?: string[] | undefined },
): Promise<readonly Place[]> {
  const zones = given.AvailabilityZones ?? []
  const known = zonesOf(scope.region)
  const strange = zones.filter((zone) => !known.includes(zone))
  if (strange.length > 0)
    throw validationError(`Invalid availability zones: [${strange.join(', ')}]`)
  const subnetIds = (given.VPCZoneIdentifier ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
  if (subnetIds.length === 0) {
    if (zones.length === 0) {
      throw validationError('At least one Availability Zone or VPC Subnet is required.')
    }
    return [...new Set(zones)].map((zone) => ({ zone }))
  }
  const places: Place[] = []
  const vpcs = new Set<string>()
  for (const subnetId of new Set(subnetIds)) {
    const subnet = await deps.scale.ports.network.subnet(scope, subnetId)
    if (!subnet) throw validationError(`The subnet ID '${subnetId}' does not exist`)
    vpcs.add(subnet.vpcId)
    places.push({ zone: subnet.zone, subnetId })
  }
  if (vpcs.size > 1) throw validationError('The subnets of a group must belong to one VPC')
  const isOther = zones.some((zone) => !places.some((place) => place.zone === zone))
  if (isOther) {
    throw validationError(
      'The availability zones of the specified subnets and the Auto Scaling group do not match',
    )
  }
  return places
}

export async function checkTargetGroups(
  deps: AutoScalingDeps,
  scope: Scope,
  arns: readonly string[],
): Promise<readonly string[]> {
  for (const arn of arns) {
    const isClassic = classicNameIn(arn) !== undefined
    const targets = isClassic ? undefined : await deps.scale.ports.targets.list(scope, arn)
    if (!targets) {
      throw validationError(
        `Provided Target Groups may not be valid. Please ensure they exist and try again. (${arn})`,
      )
    }
  }
  return [...new Set(arns)]
}

/** Classic balancers, by name: the ARNs by which a group's record has them. */
export async function checkBalancers(
  deps: AutoScalingDeps,
  scope: Scope,
  names: readonly string[],
): Promise<readonly string[]> {
  const arns = [...new Set(names)].map((name) => classicBalancerArn(scope, name))
  for (const arn of arns) {
    if (await deps.scale.ports.targets.list(scope, arn)) continue
    throw validationError(
      `Provided Load Balancers may not be valid. Please ensure they exist and try again. (${classicNameIn(arn)})`,
    )
  }
  return arns
}

export function checkHealthCheckType(type: string): 'EC2' | 'ELB' {
  const parts = type.split(',')
  if (parts.some((part) => part !== 'EC2' && part !== 'ELB')) {
    throw validationError(`Invalid HealthCheckType ${type}: EC2 and ELB are supported here.`)
  }
  return parts.includes('ELB') ? 'ELB' : 'EC2'
}

export function checkTerminationPolicies(given: readonly string[]): readonly string[] {
  const known: readonly string[] = terminationPolicies
  const strange = given.find((policy) => !known.includes(policy))
  if (strange !== undefined) {
    throw validationError(
      `Termination policy ${strange} is not supported here; ${known.join(', ')} are.`,
    )
  }
  return given.length > 0 ? given : ['Default']
}

export function checkSeconds(name: string, seconds: number): number {
  if (!Number.isInteger(seconds) || seconds < 0) {
    throw validationError(`${name} must be a whole number of seconds of at least 0`)
  }
  return seconds
}

/** A group's default warm-up; -1 takes it away, as on AWS. */
export function warmupOf(seconds: number | undefined): Pick<Group, 'defaultWarmupSeconds'> {
  if (seconds === undefined) return {}
  const given = seconds === -1 ? undefined : checkSeconds('DefaultInstanceWarmup', seconds)
  return { defaultWarmupSeconds: given }
}

export function checkTags(
  tags: readonly {
    Key?: string | undefined
    Value?: string | undefined
    PropagateAtLaunch?: boolean | undefined
  }[],
): readonly GroupTag[] {
  return tags.map((tag) => {
    if (!tag.Key || tag.Key.length > 128) {
      throw validationError('A tag key has between 1 and 128 characters')
    }
    return {
      Key: tag.Key,
      Value: tag.Value ?? '',
      PropagateAtLaunch: tag.PropagateAtLaunch ?? false,
    }
  })
}

/** Tags of users may not begin as AWS's own do. CloudFormation's go past this check. */
export function checkTagKeys(tags: readonly GroupTag[]): readonly GroupTag[] {
  const reserved = tags.find((tag) => tag.Key.toLowerCase().startsWith('aws:'))
  if (reserved) throw validationError(`The tag key ${reserved.Key} is reserved: aws: is AWS's own`)
  return tags
}
