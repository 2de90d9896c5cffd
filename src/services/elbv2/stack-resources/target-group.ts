import type {
  CreateTargetGroupInput,
  ModifyTargetGroupInput,
  TargetDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { balancerArn, openBalanceArn, targetGroupArn } from '../../../balance/arns.ts'
import { tagsBeside } from '../../../kernel/tags.ts'
import { groupView } from '../views.ts'
import { targetName } from '../../../balance/records.ts'
import type {
  Properties,
  ResourceContext,
  ResourceState,
  ResourceType,
} from '../../../stacks/resource-type.ts'
import type { Attribute } from '../attributes.ts'
import type { Elbv2Deps } from '../deps.ts'
import { targetGroupNameTaken, targetGroupNotFound } from '../errors.ts'
import { createTargetGroup } from '../operations/create-target-group.ts'
import { deleteTargetGroup } from '../operations/delete-target-group.ts'
import { deregisterTargets } from '../operations/deregister-targets.ts'
import { modifyTargetGroup } from '../operations/modify-target-group.ts'
import { modifyTargetGroupAttributes } from '../operations/modify-target-group-attributes.ts'
import { registerTargets } from '../operations/register-targets.ts'
import { callOperation, isOurs, pick, stackTags, tagProperties } from '../stack-call.ts'

const nameLengthMax = 32

const checkProperties = [
  'HealthCheckProtocol',
  'HealthCheckPort',
  'HealthCheckEnabled',
  'HealthCheckPath',
  'HealthCheckIntervalSeconds',
  'HealthCheckTimeoutSeconds',
  'HealthyThresholdCount',
  'UnhealthyThresholdCount',
  'Matcher',
]

const placeProperties = [
  'Protocol',
  'ProtocolVersion',
  'Port',
  'VpcId',
  'TargetType',
  'IpAddressType',
]

/** `AWS::ElasticLoadBalancingV2::TargetGroup`. */
export function targetGroupType(deps: Elbv2Deps): ResourceType {
  return {
    name: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    properties: {
      Name: 'string',
      Protocol: 'string',
      ProtocolVersion: 'string',
      Port: 'number',
      VpcId: 'string',
      TargetType: 'string',
      IpAddressType: 'string',
      HealthCheckProtocol: 'string',
      HealthCheckPort: 'string',
      HealthCheckEnabled: 'boolean',
      HealthCheckPath: 'string',
      HealthCheckIntervalSeconds: 'number',
      HealthCheckTimeoutSeconds: 'number',
      HealthyThresholdCount: 'number',
      UnhealthyThresholdCount: 'number',
      Matcher: { HttpCode: 'string', GrpcCode: 'string' },
      TargetGroupAttributes: { Key: 'string', Value: 'string' },
      Targets: { Id: 'string', Port: 'number', AvailabilityZone: 'string' },
      Tags: tagProperties,
    },
    required: [],
    attributes: ['TargetGroupArn', 'TargetGroupFullName', 'TargetGroupName', 'LoadBalancerArns'],
    replaceOn: ['Name', ...placeProperties],
    async create(properties, context) {
      const name = (properties['Name'] as string | undefined) ?? nameOf(context)
      const known = (await deps.balance.groups.list(context.scope)).find(
        (group) => group.name === name,
      )
      if (known !== undefined && !isOurs(known.tags, context)) throw targetGroupNameTaken(name)
      const input = {
        ...pick(properties, [...placeProperties, ...checkProperties]),
        Name: name,
        Tags: stackTags(properties, context),
      } as CreateTargetGroupInput
      const call = { context, deps }
      const made = await callOperation(createTargetGroup, 'CreateTargetGroup', input, call)
      const arn = made.TargetGroups?.[0]?.TargetGroupArn ?? ''
      await context.started(arn)
      await setAttributes(deps, arn, { properties, context })
      await setTargets(deps, arn, { before: [], after: targetsOf(properties), context })
      return stateOf(deps, arn, context)
    },
    async update({ physicalId, before, after }, context) {
      const input = {
        ...pick(after, checkProperties),
        TargetGroupArn: physicalId,
      } as ModifyTargetGroupInput
      await callOperation(modifyTargetGroup, 'ModifyTargetGroup', input, { context, deps })
      await setAttributes(deps, physicalId, { properties: after, context })
      const targets = { before: targetsOf(before), after: targetsOf(after), context }
      await setTargets(deps, physicalId, targets)
      const id = openBalanceArn(context.scope, physicalId)?.id ?? ''
      const tags = stackTags(after, context)
      await deps.balance.groups.modify(context.scope, id, (known) => ({ ...known, tags }))
      return stateOf(deps, physicalId, context)
    },
    read: ({ physicalId }, context) => readGroup(deps, physicalId, context),
    async remove({ physicalId }, context) {
      const input = { TargetGroupArn: physicalId }
      await callOperation(deleteTargetGroup, 'DeleteTargetGroup', input, { context, deps })
    },
  }
}

async function readGroup(
  deps: Elbv2Deps,
  arn: string,
  context: ResourceContext,
): Promise<Properties | undefined> {
  const id = openBalanceArn(context.scope, arn)?.id ?? ''
  const all = await deps.balance.groups.list(context.scope)
  const group = all.find(({ groupId }) => groupId === id)
  if (!group) return undefined
  const { TargetGroupName: name, ...shape } = groupView(context.scope, group, undefined)
  return { ...shape, Name: name, Tags: tagsBeside(group.tags, context.tags) }
}

function nameOf(context: ResourceContext): string {
  return context.physicalName(nameLengthMax).replace(/^-+|-+$/g, '')
}

function targetsOf(properties: Properties): readonly TargetDescription[] {
  return (properties['Targets'] ?? []) as readonly TargetDescription[]
}

async function setAttributes(
  deps: Elbv2Deps,
  arn: string,
  { properties, context }: { properties: Properties; context: ResourceContext },
): Promise<void> {
  const attributes = properties['TargetGroupAttributes'] as Attribute[] | undefined
  if (attributes === undefined) return
  const Attributes = attributes.map(({ Key, Value }) => ({ Key, Value: String(Value) }))
  const input = { TargetGroupArn: arn, Attributes }
  const call = { context, deps }
  await callOperation(modifyTargetGroupAttributes, 'ModifyTargetGroupAttributes', input, call)
}

async function setTargets(
  deps: Elbv2Deps,
  arn: string,
  change: {
    readonly before: readonly TargetDescription[]
    readonly after: readonly TargetDescription[]
    readonly context: ResourceContext
  },
): Promise<void> {
  const call = { context: change.context, deps }
  const names = new Set(change.after.map(nameOfTarget))
  const gone = change.before.filter((target) => !names.has(nameOfTarget(target)))
  if (gone.length > 0) {
    const input = { TargetGroupArn: arn, Targets: gone }
    await callOperation(deregisterTargets, 'DeregisterTargets', input, call)
  }
  if (change.after.length > 0) {
    const input = { TargetGroupArn: arn, Targets: [...change.after] }
    await callOperation(registerTargets, 'RegisterTargets', input, call)
  }
}

function nameOfTarget(target: TargetDescription): string {
  return targetName({ targetId: target.Id ?? '', port: target.Port ?? 0 })
}

async function stateOf(
  deps: Elbv2Deps,
  arn: string,
  { scope }: ResourceContext,
): Promise<ResourceState> {
  const id = openBalanceArn(scope, arn)?.id ?? ''
  const group = await deps.balance.groups.find(scope, id)
  if (group === undefined) throw targetGroupNotFound(arn)
  const balancerId = await deps.balance.groups.balancerOf(scope, id)
  return {
    physicalId: targetGroupArn(scope, id),
    attributes: {
      TargetGroupArn: arn,
      TargetGroupFullName: `targetgroup/${id}`,
      TargetGroupName: group.name,
      LoadBalancerArns: balancerId === undefined ? [] : [balancerArn(scope, balancerId)],
    },
  }
}
