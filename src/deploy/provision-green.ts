import { arnOf } from '../kernel/arn.ts'
import { uuid } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import type { GroupMember } from '../scale/groups.ts'
import type { Deployment, DeploymentError } from './deployment.ts'
import type { DeployWorld } from './deploy-world.ts'

type ProvisionOutcome =
  | { readonly state: 'provisioned' }
  | { readonly state: 'provisioning' }
  | { readonly state: 'failed'; readonly error: DeploymentError }

/** AWS waits an hour for the copy's instances. */
const provisionMilliseconds = 60 * 60_000

/**
 * COPY_AUTO_SCALING_GROUP: makes the copy once, with as many instances as are healthy in the original now, and waits until they are in
 * service. The copy is attached to no balancer before its instances have taken the traffic.
 */
export async function provisionGreen(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<ProvisionOutcome> {
  const [copyName] = deployment.blueGreen?.green.autoScalingGroups ?? []
  const [originalName, another] = deployment.selection.autoScalingGroups
  if (copyName === undefined) return { state: 'provisioned' }
  if (originalName === undefined || another !== undefined) {
    return failed(
      'COPY_AUTO_SCALING_GROUP needs exactly one Auto Scaling group in the deployment group.',
    )
  }
  const copy = await world.groups.find(scope, copyName)
  if (!copy) {
    const made = await copyGroup(world, scope, { originalName, copyName })
    return made ? { state: 'provisioning' } : failed(`There is no group ${originalName} to copy.`)
  }
  const members = (await world.groups.members(scope, copyName)) ?? []
  const inService = unitsOf(members.filter((member) => member.lifecycleState === 'InService'))
  if (inService >= copy.desiredCapacity) return { state: 'provisioned' }
  if (world.context.clock.now() - deployment.createTime < provisionMilliseconds) {
    return { state: 'provisioning' }
  }
  return failed(
    `Within an hour ${inService} of ${copy.desiredCapacity} instances of ${copyName} came into service: its scaling activities say why.`,
  )
}

async function copyGroup(
  world: DeployWorld,
  scope: Scope,
  names: { readonly originalName: string; readonly copyName: string },
): Promise<boolean> {
  const { clock, random } = world.context
  const original = await world.groups.find(scope, names.originalName)
  if (!original) return false
  const members = (await world.groups.members(scope, names.originalName)) ?? []
  const healthy = unitsOf(
    members.filter(
      (member) => member.lifecycleState === 'InService' && member.healthStatus === 'Healthy',
    ),
  )
  const desiredCapacity = Math.max(1, healthy)
  const resource = `autoScalingGroup:${uuid(random)}:autoScalingGroupName/${names.copyName}`
  await world.groups.create(scope, {
    ...original,
    name: names.copyName,
    arn: arnOf('autoscaling', scope, resource),
    createdAt: clock.now(),
    desiredCapacity,
    minSize: Math.min(original.minSize, desiredCapacity),
    maxSize: Math.max(original.maxSize, desiredCapacity),
    targetGroupArns: [],
    tags: original.tags.filter((tag) => !tag.Key.startsWith('aws:')),
    isDeleting: false,
    requestCause: undefined,
    capacityChangedAt: clock.now(),
    launchFailures: 0,
    launchNotBefore: undefined,
  })
  return true
}

/** Of capacity: a group with weights reckons in units. */
function unitsOf(members: readonly GroupMember[]): number {
  return members.reduce((sum, { weight = 1 }) => sum + weight, 0)
}

function failed(message: string): ProvisionOutcome {
  return { state: 'failed', error: { code: 'AUTO_SCALING_CONFIGURATION', message } }
}
