import type {
  CreateAutoScalingGroupType,
  LifecycleHookSpecification,
} from '@aws-sdk/client-auto-scaling'
import type { Scope } from '../../../kernel/scope.ts'
import { tagsBeside } from '../../../kernel/tags.ts'
import { groupShape } from '../group-shape.ts'
import { isFilled, unitsOf } from '../../../scale/domain/capacity.ts'
import type { Group, GroupTag } from '../../../scale/group.ts'
import { weightOf } from '../../../scale/weights.ts'
import type {
  Properties,
  PropertyTree,
  ResourceContext,
  ResourceType,
  RollingUpdate,
} from '../../../stacks/resource-type.ts'
import { newGroup } from '../create-group.ts'
import { alreadyExists, groupDidNotStabilize } from '../errors.ts'
import { checkTagKeys, checkTags } from '../group-specification.ts'
import { checkListedHooks, testTargets } from '../listed-hooks.ts'
import { checkGranularity, checkMetrics } from '../metrics-collection.ts'
import { groupUpdatePolicy, policyPart, rollGroup } from '../roll-group.ts'
import type { AutoScalingDeps } from '../service-deps.ts'
import { checkNotified, keepNotified } from '../notified-topics.ts'
import { checkAllTraffic } from '../traffic-sources.ts'
import { changeGroup, groupNamed, updateGroup } from '../update-group.ts'

interface MetricsCollection {
  readonly Granularity?: string
  readonly Metrics?: readonly string[]
}

/** As given in a template: a list of subnets, where the operation takes text. */
interface GroupProperties extends Omit<CreateAutoScalingGroupType, 'VPCZoneIdentifier'> {
  readonly VPCZoneIdentifier?: readonly string[]
  readonly Cooldown?: number
  readonly MetricsCollection?: MetricsCollection | readonly MetricsCollection[]
  readonly NotificationConfigurations?: unknown
  readonly NotificationConfiguration?: unknown
}

/** What a property that was taken out of the template goes back to. */
const defaults = {
  DefaultCooldown: 300,
  HealthCheckType: 'EC2',
  HealthCheckGracePeriod: 0,
  TerminationPolicies: ['Default'],
  NewInstancesProtectedFromScaleIn: false,
  MaxInstanceLifetime: 0,
  CapacityRebalance: false,
  DefaultInstanceWarmup: -1,
  InstanceMaintenancePolicy: { MinHealthyPercentage: -1, MaxHealthyPercentage: -1 },
}

const readyMilliseconds = 15 * 60_000
/** A balancer may drain for an hour. */
const goneMilliseconds = 75 * 60_000
/** After this many failed launches in a row the next one will hardly do better, and the reason is known. */
const launchFailuresMax = 3

const templateProperties: PropertyTree = {
  LaunchTemplateId: 'string',
  LaunchTemplateName: 'string',
  Version: 'string',
}

const groupProperties: PropertyTree = {
  AutoScalingGroupName: 'string',
  LaunchTemplate: templateProperties,
  LaunchConfigurationName: 'string',
  MixedInstancesPolicy: {
    LaunchTemplate: {
      LaunchTemplateSpecification: templateProperties,
      Overrides: {
        InstanceType: 'string',
        WeightedCapacity: 'string',
        LaunchTemplateSpecification: templateProperties,
      },
    },
    InstancesDistribution: {
      OnDemandAllocationStrategy: 'string',
      OnDemandBaseCapacity: 'number',
      OnDemandPercentageAboveBaseCapacity: 'number',
      SpotAllocationStrategy: 'string',
      SpotInstancePools: 'number',
      SpotMaxPrice: 'string',
    },
  },
  MaxInstanceLifetime: 'number',
  CapacityRebalance: 'boolean',
  DefaultInstanceWarmup: 'number',
  InstanceMaintenancePolicy: {
    MinHealthyPercentage: 'number',
    MaxHealthyPercentage: 'number',
  },
  LifecycleHookSpecificationList: {
    LifecycleHookName: 'string',
    LifecycleTransition: 'string',
    HeartbeatTimeout: 'number',
    DefaultResult: 'string',
    NotificationMetadata: 'string',
    NotificationTargetARN: 'string',
    RoleARN: 'string',
  },
  MinSize: 'number',
  MaxSize: 'number',
  DesiredCapacity: 'number',
  Cooldown: 'number',
  AvailabilityZones: true,
  VPCZoneIdentifier: true,
  HealthCheckType: 'string',
  HealthCheckGracePeriod: 'number',
  TargetGroupARNs: true,
  LoadBalancerNames: true,
  TrafficSources: { Identifier: 'string', Type: 'string' },
  TerminationPolicies: true,
  NewInstancesProtectedFromScaleIn: 'boolean',
  MetricsCollection: { Granularity: 'string', Metrics: true },
  NotificationConfigurations: { TopicARN: true, NotificationTypes: true },
  NotificationConfiguration: { TopicARN: true, NotificationTypes: true },
  Tags: { Key: 'string', Value: 'string', PropagateAtLaunch: 'boolean' },
}

/** `AWS::AutoScaling::AutoScalingGroup`: there when the desired capacity is in service, gone when every instance is. */
export function autoScalingGroupType(deps: AutoScalingDeps): ResourceType {
  return {
    name: 'AWS::AutoScaling::AutoScalingGroup',
    properties: groupProperties,
    required: ['MinSize', 'MaxSize'],
    attributes: ['AutoScalingGroupARN'],
    replaceOn: ['AutoScalingGroupName'],
    signalledBy: 'instances',
    updatePolicy: groupUpdatePolicy,
    policyReplaces({ before, after }, policy) {
      const replacing = policyPart<{ WillReplace?: boolean }>(policy, 'AutoScalingReplacingUpdate')
      return (
        replacing?.WillReplace === true && launchedBy.some((name) => differs(before, after, name))
      )
    },
    async create(properties, context) {
      const { scope } = context
      const input = inputOf(properties, nameOf(properties, context))
      const tags = tagsOf(properties, context)
      const made = await newGroup(deps, scope, input, tags)
      await checkNotified(deps, scope, properties)
      const group = { ...made, ...collectedOf(properties) }
      if (await deps.scale.create(scope, group)) await testTargets(deps, scope, group)
      else if (!(await isOurs(deps, group.name, context))) throw alreadyExists(group.name)
      await context.started(group.name)
      await keepNotified(deps, scope, { group, before: {}, after: properties })
      return reachCapacity(deps, group.name, context)
    },
    async update({ physicalId, before, after, rolling }, context) {
      const { scope } = context
      const given = inputOf(after, physicalId)
      const input = { ...defaults, ...given, ...wholePolicy(given) }
      for (const name of keptSizes(before, after, rolling)) delete input[name]
      await updateGroup(deps, scope, input)
      const targetGroupArns = await checkAllTraffic(deps, scope, input)
      const tags = tagsOf(after, context)
      await keepHooks(deps, scope, { groupName: physicalId, before, after })
      await checkNotified(deps, scope, after)
      const group = await groupNamed(deps, scope, physicalId)
      await keepNotified(deps, scope, { group, before, after })
      const collected = collectedOf(after)
      await changeGroup(deps, scope, physicalId, (group) => ({
        ...group,
        ...{ targetGroupArns, tags, ...collected },
      }))
      if (rolling) await rollGroup(deps, physicalId, context, rolling)
      return reachCapacity(deps, physicalId, context)
    },
    async read({ physicalId }, context) {
      const group = await deps.scale.find(context.scope, physicalId)
      return group && !group.isDeleting ? readGroup(group, context) : undefined
    },
    async remove({ physicalId }, context) {
      const { scope } = context
      if ((await deps.scale.remove(scope, physicalId, true)) === 'unknown') return
      await context.until(
        `Auto Scaling group ${physicalId} to terminate its instances`,
        goneMilliseconds,
        async () => ((await deps.scale.find(scope, physicalId)) ? undefined : true),
      )
    },
  }
}

function readGroup(group: Group, context: ResourceContext): Properties {
  const { VPCZoneIdentifier: subnets, TargetGroupARNs } = groupShape(group, undefined)
  return {
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DesiredCapacity: group.desiredCapacity,
    HealthCheckType: group.healthCheckType,
    HealthCheckGracePeriod: group.healthCheckGraceSeconds,
    VPCZoneIdentifier: subnets?.split(','),
    TargetGroupARNs,
    Tags: tagsBeside(group.tags, context.tags),
  }
}

/** Puts the hooks that the group's template lists, and takes away those that it listed before; others stay. */
async function keepHooks(
  deps: AutoScalingDeps,
  scope: Scope,
  change: { groupName: string; before: Properties; after: Properties },
): Promise<void> {
  const wanted = await checkListedHooks(deps, scope, hooksIn(change.after))
  for (const hook of wanted) await deps.scale.putHook(scope, change.groupName, hook)
  for (const { LifecycleHookName: name = '' } of hooksIn(change.before)) {
    if (wanted.some((hook) => hook.name === name)) continue
    await deps.scale.removeHook(scope, change.groupName, name)
  }
}

function hooksIn(properties: Properties): readonly LifecycleHookSpecification[] {
  return (properties as Partial<GroupProperties>).LifecycleHookSpecificationList ?? []
}

/** What instances are launched from and where: a change of it makes them outdated. */
const launchedBy = [
  'LaunchTemplate',
  'LaunchConfigurationName',
  'MixedInstancesPolicy',
  'VPCZoneIdentifier',
]
const sizes = ['MinSize', 'MaxSize', 'DesiredCapacity'] as const

function differs(before: Properties, after: Properties, name: string): boolean {
  return JSON.stringify(before[name]) !== JSON.stringify(after[name])
}

/** Sizes that the template did not change, where scheduled actions have the say over them. */
function keptSizes(
  before: Properties,
  after: Properties,
  rolling: RollingUpdate | undefined,
): readonly (typeof sizes)[number][] {
  const scheduled = rolling
    ? policyPart<{ IgnoreUnmodifiedGroupSizeProperties?: boolean }>(
        rolling.policy,
        'AutoScalingScheduledAction',
      )
    : undefined
  if (!scheduled?.IgnoreUnmodifiedGroupSizeProperties) return []
  return sizes.filter((name) => !differs(before, after, name))
}

/** The metrics that the template has collected. */
function collectedOf(properties: Properties): Pick<Group, 'enabledMetrics'> {
  const given = (properties as Partial<GroupProperties>).MetricsCollection
  const enabledMetrics = [given ?? []].flat().flatMap(({ Granularity, Metrics }) => {
    checkGranularity(Granularity)
    return checkMetrics(Metrics)
  })
  return { enabledMetrics: [...new Set(enabledMetrics)] }
}

function nameOf(properties: Properties, context: ResourceContext): string {
  const { AutoScalingGroupName: given } = properties as Partial<GroupProperties>
  return given ?? context.physicalName(255)
}

/** The template writes a list of subnets and `Cooldown`; the operation takes text and `DefaultCooldown`. */
function inputOf(properties: Properties, name: string): CreateAutoScalingGroupType {
  const given = properties as Partial<GroupProperties>
  const { VPCZoneIdentifier: subnets, Cooldown, ...others } = given
  const { Tags: _tags, MetricsCollection: _collected, ...named } = others
  const { NotificationConfigurations: _, NotificationConfiguration: __, ...rest } = named
  return {
    ...rest,
    AutoScalingGroupName: name,
    MinSize: given.MinSize,
    MaxSize: given.MaxSize,
    ...(subnets === undefined ? {} : { VPCZoneIdentifier: [subnets].flat().join(',') }),
    ...(Cooldown === undefined ? {} : { DefaultCooldown: Cooldown }),
  }
}

/** An update leaves what a policy does not name as it is; a template that no longer names it means the default. */
function wholePolicy({
  MixedInstancesPolicy: given,
}: CreateAutoScalingGroupType): Pick<CreateAutoScalingGroupType, 'MixedInstancesPolicy'> {
  if (!given) return {}
  const LaunchTemplate = { Overrides: [], ...given.LaunchTemplate }
  const InstancesDistribution = { ...usualDistribution, ...given.InstancesDistribution }
  return { MixedInstancesPolicy: { LaunchTemplate, InstancesDistribution } }
}

const usualDistribution = {
  OnDemandBaseCapacity: 0,
  OnDemandPercentageAboveBaseCapacity: 100,
  SpotAllocationStrategy: 'lowest-price',
  SpotInstancePools: undefined,
  SpotMaxPrice: undefined,
}

/** The stack's own tags go to the instances too, as on AWS. */
function tagsOf(properties: Properties, context: ResourceContext): readonly GroupTag[] {
  const { Tags: given = [] } = properties as Partial<GroupProperties>
  const own = checkTagKeys(checkTags(given))
  const stack = context.tags
    .filter((tag) => !own.some((each) => each.Key === tag.Key))
    .map((tag) => ({ ...tag, PropagateAtLaunch: true }))
  return [...stack, ...own]
}

/** Made by an earlier attempt at this same resource. */
async function isOurs(
  deps: AutoScalingDeps,
  name: string,
  context: ResourceContext,
): Promise<boolean> {
  const held = await deps.scale.find(context.scope, name)
  const value = (key: string) => held?.tags.find((tag) => tag.Key === key)?.Value
  return (
    value('aws:cloudformation:stack-id') === context.stackId &&
    value('aws:cloudformation:logical-id') === context.logicalId
  )
}

async function reachCapacity(deps: AutoScalingDeps, name: string, context: ResourceContext) {
  const { scope } = context
  const group = await context.until(
    `Auto Scaling group ${name} to have its desired capacity in service`,
    readyMilliseconds,
    () => groupInCapacity(deps, scope, name),
  )
  return { physicalId: name, attributes: { AutoScalingGroupARN: group.arn } }
}

/** The group once it is complete; throws what is known when it cannot be. */
async function groupInCapacity(
  deps: AutoScalingDeps,
  scope: Scope,
  name: string,
): Promise<Group | undefined> {
  const group = await deps.scale.find(scope, name)
  if (!group) throw groupDidNotStabilize(`AutoScalingGroup ${name} was deleted meanwhile`)
  const staff = await deps.scale.membersOf(scope, name)
  const inService = staff.filter(
    ({ value }) => value.lifecycle === 'InService' && value.health === 'Healthy',
  )
  const weights = inService.map(({ value }) => ({ weight: weightOf(group, value.instanceType) }))
  if (isFilled(group.desiredCapacity, weights)) return group
  if (group.launchFailures < launchFailuresMax) return undefined
  const activities = await deps.scale.activitiesOf(scope, name)
  const failed = activities.find((activity) => activity.statusCode === 'Failed')
  throw groupDidNotStabilize(
    `Group did not stabilize. {current/minSize/maxSize: ${unitsOf(weights)}/${group.minSize}/${group.maxSize}}. ` +
      `Failed Scaling Activity: ${failed?.statusMessage ?? 'Launching EC2 instance failed.'}`,
  )
}
