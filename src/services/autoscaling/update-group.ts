import type { UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling'
import type { Scope } from '../../kernel/scope.ts'
import { causes } from '../../scale/domain/causes.ts'
import type { Group } from '../../scale/group.ts'
import { launchesSpot } from '../../scale/launches-spot.ts'
import { mayHavePool, withFormerWeights } from '../../scale/weights.ts'
import { groupNotFound, pendingDelete, poolOfMixedGroup } from './errors.ts'
import { lifetimeOf, maintenanceOf } from './maintenance-specification.ts'
import {
  checkHealthCheckType,
  checkPlaces,
  checkSeconds,
  checkSizes,
  checkLaunchSource,
  checkTerminationPolicies,
  warmupOf,
} from './group-specification.ts'
import { mergedPolicy } from './merged-policy.ts'
import type { AutoScalingDeps } from './service-deps.ts'

/** The group, or the error that it is not there or on its way out. */
export async function groupNamed(
  deps: AutoScalingDeps,
  scope: Scope,
  name: string | undefined,
): Promise<Group> {
  const group = await deps.scale.find(scope, name ?? '')
  if (!group) throw groupNotFound(name ?? '')
  return group
}

/** Changes a group that is not on its way out. */
export async function changeGroup(
  deps: AutoScalingDeps,
  scope: Scope,
  name: string | undefined,
  change: (group: Group) => Group,
): Promise<Group> {
  const changed = await deps.scale.change(scope, name ?? '', (group) => {
    if (group.isDeleting) throw pendingDelete(group.name)
    return change(group)
  })
  if (!changed) throw groupNotFound(name ?? '')
  return changed
}

/** All that an update may change, checked; sizes are judged against the group as it is when written. */
export async function updateGroup(
  deps: AutoScalingDeps,
  scope: Scope,
  input: UpdateAutoScalingGroupType,
): Promise<Group> {
  const before = await groupNamed(deps, scope, input.AutoScalingGroupName)
  const source = await checkLaunchSource(deps, scope, {
    ...input,
    MixedInstancesPolicy: mergedPolicy(before, input.MixedInstancesPolicy),
  })
  if (source && before.warmPool && (await launchesSpot(deps.scale.ports, scope, source))) {
    throw poolOfMixedGroup(before.name)
  }
  const moves = input.VPCZoneIdentifier !== undefined || input.AvailabilityZones !== undefined
  const patch: Partial<Group> = {
    ...source,
    ...(moves ? { places: await checkPlaces(deps, scope, input) } : {}),
    ...(input.DefaultCooldown === undefined
      ? {}
      : { defaultCooldownSeconds: checkSeconds('DefaultCooldown', input.DefaultCooldown) }),
    ...warmupOf(input.DefaultInstanceWarmup),
    ...lifetimeOf(input.MaxInstanceLifetime),
    ...maintenanceOf(input.InstanceMaintenancePolicy),
    ...(input.CapacityRebalance === undefined
      ? {}
      : { rebalancesCapacity: input.CapacityRebalance }),
    ...(input.HealthCheckType === undefined
      ? {}
      : { healthCheckType: checkHealthCheckType(input.HealthCheckType) }),
    ...(input.HealthCheckGracePeriod === undefined
      ? {}
      : {
          healthCheckGraceSeconds: checkSeconds(
            'HealthCheckGracePeriod',
            input.HealthCheckGracePeriod,
          ),
        }),
    ...(input.TerminationPolicies === undefined
      ? {}
      : { terminationPolicies: checkTerminationPolicies(input.TerminationPolicies) }),
    ...(input.NewInstancesProtectedFromScaleIn === undefined
      ? {}
      : { newInstancesProtected: input.NewInstancesProtectedFromScaleIn }),
  }
  return changeGroup(deps, scope, input.AutoScalingGroupName, (group) => {
    const { mixedInstances: given } = patch
    const mixedInstances = given && withFormerWeights(group.mixedInstances, given)
    const changed = { ...group, ...patch, ...(mixedInstances && { mixedInstances }) }
    if (changed.warmPool && !mayHavePool(changed)) throw poolOfMixedGroup(group.name)
    return resized(changed, input, deps.scale.context.clock.now())
  })
}

/** A bound that passes the desired capacity takes it along, unless the request names one itself. */
function resized(group: Group, input: UpdateAutoScalingGroupType, now: number): Group {
  const min = input.MinSize ?? group.minSize
  const max = input.MaxSize ?? group.maxSize
  const desired = input.DesiredCapacity ?? Math.max(min, Math.min(max, group.desiredCapacity))
  checkSizes({ min, max, desired })
  const sized = {
    ...group,
    minSize: min,
    maxSize: max,
    desiredCapacity: desired,
    launchFailures: 0,
  }
  const { launchNotBefore: _pause, ...ready } = sized
  if (desired === group.desiredCapacity) return ready
  return {
    ...ready,
    capacityChangedAt: now,
    requestCause: causes.updated(now, { min, max, desired }, group.desiredCapacity),
  }
}
