import type { CreateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling'
import { arnOf } from '../../kernel/arn.ts'
import { uuid } from '../../kernel/random.ts'
import type { Scope } from '../../kernel/scope.ts'
import { causes } from '../../scale/domain/causes.ts'
import type { Group, GroupTag } from '../../scale/group.ts'
import { validationError } from './errors.ts'
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
import { checkListedHooks } from './listed-hooks.ts'
import type { AutoScalingDeps } from './service-deps.ts'
import { checkAllTraffic } from './traffic-sources.ts'

/** A new group's record out of a request, all of it checked. `tags` come checked. */
export async function newGroup(
  deps: AutoScalingDeps,
  scope: Scope,
  input: CreateAutoScalingGroupType,
  tags: readonly GroupTag[],
): Promise<Group> {
  const { clock, random } = deps.scale.context
  const name = checkName(input.AutoScalingGroupName)
  const min = sizeOf('MinSize', input.MinSize)
  const max = sizeOf('MaxSize', input.MaxSize)
  const desired = input.DesiredCapacity ?? min
  checkSizes({ min, max, desired })
  const source = await checkLaunchSource(deps, scope, input)
  if (!source) {
    throw validationError(
      'Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.',
    )
  }
  const hooks = await checkListedHooks(deps, scope, input.LifecycleHookSpecificationList)
  const createdAt = clock.now()
  return {
    name,
    arn: arnOf(
      'autoscaling',
      scope,
      `autoScalingGroup:${uuid(random)}:autoScalingGroupName/${name}`,
    ),
    createdAt,
    ...source,
    minSize: min,
    maxSize: max,
    desiredCapacity: desired,
    places: await checkPlaces(deps, scope, input),
    defaultCooldownSeconds: checkSeconds('DefaultCooldown', input.DefaultCooldown ?? 300),
    healthCheckType: checkHealthCheckType(input.HealthCheckType ?? 'EC2'),
    healthCheckGraceSeconds: checkSeconds(
      'HealthCheckGracePeriod',
      input.HealthCheckGracePeriod ?? 0,
    ),
    targetGroupArns: await checkAllTraffic(deps, scope, input),
    tags,
    terminationPolicies: checkTerminationPolicies(input.TerminationPolicies ?? []),
    newInstancesProtected: input.NewInstancesProtectedFromScaleIn ?? false,
    suspendedProcesses: [],
    isDeleting: false,
    ...warmupOf(input.DefaultInstanceWarmup),
    ...lifetimeOf(input.MaxInstanceLifetime),
    ...maintenanceOf(input.InstanceMaintenancePolicy),
    ...(input.CapacityRebalance === undefined
      ? {}
      : { rebalancesCapacity: input.CapacityRebalance }),
    ...(hooks.length > 0 ? { lifecycleHooks: hooks } : {}),
    requestCause: causes.created(createdAt, desired),
    capacityChangedAt: createdAt,
    launchFailures: 0,
  }
}

function checkName(name: string | undefined): string {
  if (!name || name.length > 255 || /[\r\n:/]/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name ?? ''}' at 'autoScalingGroupName' failed to satisfy constraint: ` +
        'a name has between 1 and 255 characters, none of them a colon, a slash or a line break',
    )
  }
  return name
}

function sizeOf(member: string, size: number | undefined): number {
  if (size === undefined) throw validationError(`The parameter ${member} is required.`)
  return size
}
