import { kindOf } from '../store/records.ts'
import type { Scope } from '../kernel/scope.ts'
import type { LaunchSubscriber } from '../scale/groups.ts'
import { activeDeployments, deployments, type Deployment } from './deployment.ts'
import { deploymentGroups, groupKey, hostStates, type DeploymentGroup } from './deployment-group.ts'
import { locationKey } from './revision.ts'
import { deployToOne, type Brought } from './deploy-to-one.ts'
import type { DeployWorld } from './deploy-world.ts'
import { beforeTermination } from './termination-hook.ts'

/** The deployment that a new instance was given. Id: `<group>#<instance>`. */
const launches = kindOf<{ readonly deploymentId: string; readonly launchId?: string }>(
  'deploy/launch',
)

/** New members of Auto Scaling groups get the last good revision of each deployment group before they are in service. */
export function launchSubscriber(world: DeployWorld): LaunchSubscriber {
  return {
    async onLaunch(scope, groupName, instanceId, launchId) {
      const groups = await world.context.store.list(deploymentGroups, scope)
      let answer: 'continue' | 'abandon' | 'wait' = 'continue'
      for (const { value } of groups) {
        const active = await activeOf(world, scope, value)
        const at = { group: value, active, groupName, instanceId, launchId }
        const step = await launchInto(world, scope, at)
        if (step === 'abandon') return 'abandon'
        if (step === 'wait') answer = 'wait'
      }
      return answer
    },
    onTermination: (scope, groupName, instanceId) =>
      beforeTermination(world, scope, groupName, instanceId),
  }
}

export async function wasDeployedAtLaunch(
  world: DeployWorld,
  scope: Scope,
  launchId: string,
): Promise<boolean> {
  const launch = await world.context.store.find(launches, scope, launchId)
  if (!launch) return false
  const record = await world.context.store.find(deployments, scope, launch.value.deploymentId)
  return record?.value.status === 'Succeeded'
}

async function launchInto(
  world: DeployWorld,
  scope: Scope,
  at: {
    readonly group: DeploymentGroup
    readonly active: Deployment | undefined
    readonly groupName: string
    readonly instanceId: string
    readonly launchId: string | undefined
  },
): Promise<'continue' | 'abandon' | 'wait'> {
  const { store } = world.context
  const { group, active, groupName, instanceId, launchId } = at
  const key = groupKey(group.applicationName, group.deploymentGroupName)
  const id = `${key}#${instanceId}`
  const launch = await store.find(launches, scope, id)
  const isOfEarlier = launchId !== undefined && (launch?.value.launchId ?? launchId) !== launchId
  if (launch && !isOfEarlier) {
    const record = await store.find(deployments, scope, launch.value.deploymentId)
    if (!record || record.value.status === 'Succeeded') return 'continue'
    return record.value.status === 'Failed' || record.value.status === 'Stopped'
      ? 'abandon'
      : 'wait'
  }
  const step = revisionFor({ group, active, groupName })
  if (step === 'wait' || step === 'continue') return step
  // Back from the warm pool with what the group has by now.
  const host = launch && (await store.find(hostStates, scope, `${key}/${instanceId}`))
  if (host?.value.healthy && host.value.revision === locationKey(step.revision)) return 'continue'
  const instance = await world.instances.find(scope, instanceId)
  if (instance?.value.state === 'pending') return 'wait'
  const to = { group, brought: step, instanceId, creator: 'autoscaling' } as const
  const deploymentId = await deployToOne(world, scope, to)
  if (deploymentId === undefined) return 'continue'
  const begun = { deploymentId, ...(launchId !== undefined && { launchId }) }
  if (launch) await store.update(launch, begun)
  else await store.insert(launches, { scope, id, owner: key }, begun)
  return 'wait'
}

/**
 * What a new instance of an Auto Scaling group gets. While a deployment in place is under way it waits for its end. While traffic
 * stays where it is in a blue/green deployment, the original environment gets the last good revision, and the environment that has
 * taken the traffic the new one.
 */
function revisionFor(at: {
  readonly group: DeploymentGroup
  readonly active: Deployment | undefined
  readonly groupName: string
}): 'continue' | 'wait' | Brought {
  const { group, active, groupName } = at
  const course = active?.blueGreen
  const isOriginal = (active ?? group).selection.autoScalingGroups.includes(groupName)
  if (active && course && course.returnsFrom === undefined) {
    const isGreen = course.green.autoScalingGroups.includes(groupName)
    if (isGreen && !hasBegun(active)) return 'continue'
    if (isGreen) return course.phase === 'terminationWait' ? active : 'wait'
    if (!isOriginal) return 'continue'
    const isServing = course.phase === 'install' || course.phase === 'ready'
    return isServing ? (group.lastGood ?? 'continue') : 'wait'
  }
  if (!isOriginal && !group.selection.autoScalingGroups.includes(groupName)) return 'continue'
  const waits = active && !group.ignoresOutdatedInstances
  return waits ? 'wait' : (group.lastGood ?? 'continue')
}

function hasBegun({ status }: Deployment): boolean {
  return status === 'InProgress' || status === 'Ready'
}

async function activeOf(
  world: DeployWorld,
  scope: Scope,
  group: DeploymentGroup,
): Promise<Deployment | undefined> {
  const key = groupKey(group.applicationName, group.deploymentGroupName)
  const active = await world.context.store.find(activeDeployments, scope, key)
  if (!active) return undefined
  return (await world.context.store.find(deployments, scope, active.value.deploymentId))?.value
}
