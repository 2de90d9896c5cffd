import { arnOf } from '../kernel/arn.ts'
import type { Scope } from '../kernel/scope.ts'
import { leaverOf, takerOf, type EnvironmentLabel } from './blue-green.ts'
import type { Deployment, DeploymentError } from './deployment.ts'
import { groupKey, hostStates, type InstanceSelection } from './deployment-group.ts'
import { deploymentTargets, type DeploymentTarget } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'
import {
  eventNames,
  greenEvents,
  leavingEvents,
  takingEvents,
  terminationEvents,
  type LifecycleEventName,
} from './domain/lifecycle-events.ts'
import { wasDeployedAtLaunch } from './launch-subscriber.ts'
import { locationKey } from './revision.ts'
import { selectInstances, selectOnPremises } from './select-instances.ts'

export type ChosenTargets =
  | { readonly error: DeploymentError }
  | { readonly targets: readonly DeploymentTarget[] }

/** The hosts that a deployment goes to, each as a target that waits; or why there are none. */
export async function chooseTargets(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<ChosenTargets> {
  const { blueGreen } = deployment
  if (blueGreen?.returnsFrom !== undefined) return chooseReturning(world, scope, deployment)
  const hosts = await hostsOf(world, scope, deployment)
  const all = await makeTargets(world, scope, {
    deployment,
    hosts,
    events: blueGreen ? greenEvents : eventsOf(deployment),
    ...(blueGreen && { label: takerOf(blueGreen) }),
  })
  const outdated = deployment.updateOutdatedInstancesOnly
    ? all.filter((target) => target.revisionAge !== 'current')
    : all
  const targets = blueGreen
    ? [...outdated, ...(await chooseBlue(world, scope, { deployment, green: all }))]
    : outdated
  if (targets.length > instancesMax) {
    const message = `The deployment group has ${targets.length} instances; ${instancesMax} at most.`
    return { error: { code: 'OVER_MAX_INSTANCES', message } }
  }
  if (outdated.length > 0) return { targets }
  const message = blueGreen ? noReplacement : noInstances(all.length)
  return { error: { code: 'NO_INSTANCES', message } }
}

function eventsOf({ creator, withTrafficControl }: Deployment): readonly LifecycleEventName[] {
  return creator === 'autoscalingTermination'
    ? terminationEvents(withTrafficControl)
    : eventNames(withTrafficControl)
}

/** AWS's quota is 1,000 and can be raised; ours bounds the memory of one deployment: about 3 kB for each host. */
const instancesMax = 50_000

/** The original environment, as it is now: the group's instances that are not of the replacement. */
export async function chooseBlue(
  world: DeployWorld,
  scope: Scope,
  at: { readonly deployment: Deployment; readonly green: readonly DeploymentTarget[] },
): Promise<readonly DeploymentTarget[]> {
  const { deployment } = at
  if (!deployment.blueGreen) return []
  const green = new Set(at.green.map((target) => target.targetId))
  const hosts = await selected(world, scope, { deployment, selection: deployment.selection })
  return makeTargets(world, scope, {
    deployment,
    hosts: hosts.filter((host) => !green.has(host.targetId)),
    events: leavingEvents,
    label: leaverOf(deployment.blueGreen),
  })
}

/** What a target is made for: an instance, or a registered server. */
type Host = Pick<DeploymentTarget, 'targetId' | 'targetArn' | 'zone'>

async function hostsOf(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<readonly Host[]> {
  if (deployment.instanceId !== undefined) {
    const record = await world.instances.find(scope, deployment.instanceId)
    return record?.value.state === 'running' ? [hostOf(scope, record.value)] : []
  }
  const selection = deployment.blueGreen?.green ?? deployment.selection
  return selected(world, scope, { deployment, selection })
}

function hostOf(
  scope: Scope,
  instance: { readonly instanceId: string; readonly zone: string },
): Host {
  const { instanceId, zone } = instance
  return { targetId: instanceId, targetArn: arnOf('ec2', scope, `instance/${instanceId}`), zone }
}

async function selected(
  world: DeployWorld,
  scope: Scope,
  of: { readonly deployment: Deployment; readonly selection: InstanceSelection },
): Promise<readonly Host[]> {
  const group = groupKey(of.deployment.applicationName, of.deployment.deploymentGroupName)
  const instances = await selectInstances(scope, of.selection, {
    ...world,
    wasDeployedAtLaunch: (id) => wasDeployedAtLaunch(world, scope, `${group}#${id}`),
  })
  const servers = await selectOnPremises(world.context.store, scope, of.selection)
  return [
    ...instances.map((instance) => hostOf(scope, instance)),
    ...servers.map((server) => ({ targetId: server.instanceName, targetArn: server.instanceArn })),
  ]
}

async function makeTargets(
  world: DeployWorld,
  scope: Scope,
  of: {
    readonly deployment: Deployment
    readonly hosts: readonly Host[]
    readonly events: readonly LifecycleEventName[]
    readonly label?: EnvironmentLabel
  },
): Promise<readonly DeploymentTarget[]> {
  const { deployment, label } = of
  const owner = groupKey(deployment.applicationName, deployment.deploymentGroupName)
  const states = await world.context.store.list(hostStates, scope, { owner })
  const stateOf = new Map(states.map((state) => [state.value.instanceId, state.value]))
  const revision = locationKey(deployment.revision)
  return of.hosts.map((host) => {
    const state = stateOf.get(host.targetId)
    return {
      deploymentId: deployment.deploymentId,
      ...host,
      ...(label && { label }),
      status: 'Pending',
      wasHealthy: state?.healthy ?? true,
      revisionAge:
        state?.revision === undefined ? 'unknown' : state.revision === revision ? 'current' : 'old',
      lastUpdatedAt: world.context.clock.now(),
      events: of.events.map((name) => ({ name, status: 'Pending' })),
    }
  })
}

/** The way back has the hosts of the deployment that it takes back: the original ones are given the traffic, the others leave it. */
async function chooseReturning(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<ChosenTargets> {
  const owner = { owner: deployment.blueGreen?.returnsFrom ?? '' }
  const before = await world.context.store.list(deploymentTargets, scope, owner)
  const targets = before
    .map((record) => record.value)
    .filter((target) => target.label === 'Blue' || hasMovedTraffic(target))
    .map((target): DeploymentTarget => {
      const isBlue = target.label === 'Blue'
      return {
        deploymentId: deployment.deploymentId,
        targetId: target.targetId,
        targetArn: target.targetArn,
        ...(target.label && { label: target.label }),
        ...(target.blocked && { blocked: target.blocked }),
        status: isBlue ? 'Ready' : 'Pending',
        wasHealthy: true,
        revisionAge: target.revisionAge,
        lastUpdatedAt: world.context.clock.now(),
        events: (isBlue ? takingEvents : leavingEvents).map((name) => ({
          name,
          status: 'Pending',
        })),
      }
    })
  if (targets.some((target) => target.label === 'Blue')) return { targets }
  const message = 'The original environment has no instances to give the traffic back to.'
  return { error: { code: 'NO_INSTANCES', message } }
}

/** Whether any event that gives traffic to this host, or takes it away, has begun. */
export function hasMovedTraffic(target: DeploymentTarget): boolean {
  const moving: readonly string[] = [...takingEvents, ...leavingEvents]
  return target.events.some(
    (event) =>
      moving.includes(event.name) && event.status !== 'Pending' && event.status !== 'Skipped',
  )
}

const noReplacement =
  'The deployment failed because no instances were found for the replacement environment: no running ' +
  'instance is named by targetInstances, and none is in service in the Auto Scaling group that replaces the original.'

/** AWS's words, and why. */
function noInstances(upToDate: number): string {
  const why =
    upToDate > 0
      ? `All ${upToDate} instances have this revision already.`
      : 'No running instance has the tags of the group, and none is in service in its Auto Scaling groups.'
  return (
    'The deployment failed because no instances were found for your deployment group. Check your ' +
    `deployment group settings to make sure the tags for your instances or Auto Scaling groups correctly identify the instances you want to deploy to. ${why}`
  )
}
