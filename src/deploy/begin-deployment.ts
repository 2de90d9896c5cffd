import { arnOf } from '../kernel/arn.ts'
import type { Instance } from '../compute/instance.ts'
import { DriverError, reasonOf } from '../kernel/errors.ts'
import type { Scope } from '../kernel/scope.ts'
import { AppspecError, parseAppspec } from '../protocol/appspec.ts'
import type { StoredRecord } from '../store/records.ts'
import { activeDeployments, type Deployment, type DeploymentError } from './deployment.ts'
import { groupKey, hostStates } from './deployment-group.ts'
import { deploymentTargets, targetKey, type DeploymentTarget } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'
import { eventNames } from './domain/lifecycle-events.ts'
import { wasDeployedAtLaunch } from './launch-subscriber.ts'
import { overviewOf } from './plan-deployment.ts'
import { describeLocation, locationKey } from './revision.ts'
import { selectInstances } from './select-instances.ts'

export type BeginOutcome =
  | { readonly state: 'begun' }
  /** Hosts of this group are being given the last good revision at their launch. */
  | { readonly state: 'queued' }
  | { readonly state: 'failed'; readonly error: DeploymentError }

/** Looks at the revision, chooses the hosts, and writes a target for each. */
export async function beginDeployment(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
): Promise<BeginOutcome> {
  const deployment = record.value
  const { scope } = record
  if (await launchesAreActive(world, scope, deployment)) return { state: 'queued' }
  const bundle = await lookAtBundle(world, scope, deployment)
  if ('error' in bundle) return { state: 'failed', error: bundle.error }
  const chosen = await chooseTargets(world, scope, deployment)
  if ('error' in chosen) return { state: 'failed', error: chosen.error }
  const now = world.context.clock.now()
  await world.context.store.transaction(async (records) => {
    for (const target of chosen.targets) {
      const id = targetKey(target.deploymentId, target.targetId)
      const owner = target.deploymentId
      await records.insert(deploymentTargets, { scope, id, owner }, target)
    }
    await records.update(record, {
      ...deployment,
      status: 'InProgress',
      startTime: now,
      appspecFileName: bundle.appspecFileName,
      overview: overviewOf(chosen.targets),
    })
  })
  return { state: 'begun' }
}

async function launchesAreActive(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<boolean> {
  if (deployment.instanceId !== undefined) return false
  const prefix = `${groupKey(deployment.applicationName, deployment.deploymentGroupName)}#`
  const active = await world.context.store.list(activeDeployments, scope)
  return active.some((other) => other.id.startsWith(prefix))
}

async function lookAtBundle(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<{ error: DeploymentError } | { appspecFileName: string }> {
  const { revision } = deployment
  const where = describeLocation(revision)
  const at = {
    bucket: revision.bucket,
    key: revision.key,
    ...(revision.version !== undefined && { versionId: revision.version }),
  }
  const found = await world.objects.read(scope, at)
  if (!found) {
    const version = revision.version === undefined ? '' : ` in version ${revision.version}`
    return failure('REVISION_MISSING', `The revision ${where} does not exist${version}.`)
  }
  if (revision.eTag !== undefined && revision.eTag !== found.view.etag) {
    found.body.destroy()
    const message = `The revision ${where} has the ETag ${found.view.etag}, not ${revision.eTag}: it changed after it was registered.`
    return failure('REVISION_MISSING', message)
  }
  try {
    const appspec = await world.bundles.appspec(found.body, revision.bundleType)
    if (!appspec) {
      return failure('INVALID_REVISION', `The revision ${where} has no appspec.yml at its top.`)
    }
    parseAppspec(appspec.text, appspec.name)
    return { appspecFileName: appspec.name }
  } catch (thrown) {
    const isTheBundles =
      thrown instanceof AppspecError || (thrown instanceof DriverError && !thrown.retryable)
    if (!isTheBundles) throw thrown
    return failure('INVALID_REVISION', `The revision ${where} is not valid: ${reasonOf(thrown)}`)
  }
}

async function chooseTargets(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<{ error: DeploymentError } | { targets: readonly DeploymentTarget[] }> {
  const group = groupKey(deployment.applicationName, deployment.deploymentGroupName)
  const instances = await instancesOf(world, scope, deployment)
  const states = await world.context.store.list(hostStates, scope, { owner: group })
  const stateOf = new Map(states.map((state) => [state.value.instanceId, state.value]))
  const revision = locationKey(deployment.revision)
  const targets = instances.map((instance): DeploymentTarget => {
    const state = stateOf.get(instance.instanceId)
    return {
      deploymentId: deployment.deploymentId,
      targetId: instance.instanceId,
      targetArn: arnOf('ec2', scope, `instance/${instance.instanceId}`),
      status: 'Pending',
      wasHealthy: state?.healthy ?? true,
      revisionAge:
        state?.revision === undefined ? 'unknown' : state.revision === revision ? 'current' : 'old',
      lastUpdatedAt: world.context.clock.now(),
      events: eventNames(deployment.withTrafficControl).map((name) => ({
        name,
        status: 'Pending',
      })),
    }
  })
  const outdated = deployment.updateOutdatedInstancesOnly
    ? targets.filter((target) => target.revisionAge !== 'current')
    : targets
  if (outdated.length > instancesMax) {
    const message = `The deployment group has ${outdated.length} instances; ${instancesMax} at most.`
    return failure('OVER_MAX_INSTANCES', message)
  }
  if (outdated.length > 0) return { targets: outdated }
  return failure('NO_INSTANCES', noInstances(targets.length))
}

/** AWS's quota is 1,000 and can be raised; ours bounds the records of one transaction. */
const instancesMax = 1000

async function instancesOf(
  world: DeployWorld,
  scope: Scope,
  deployment: Deployment,
): Promise<readonly Instance[]> {
  if (deployment.instanceId !== undefined) {
    const record = await world.instances.find(scope, deployment.instanceId)
    return record?.value.state === 'running' ? [record.value] : []
  }
  const group = groupKey(deployment.applicationName, deployment.deploymentGroupName)
  return selectInstances(scope, deployment.selection, {
    ...world,
    wasDeployedAtLaunch: (id) => wasDeployedAtLaunch(world, scope, `${group}#${id}`),
  })
}

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

function failure(code: DeploymentError['code'], message: string): { error: DeploymentError } {
  return { error: { code, message } }
}

export async function markQueued(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
): Promise<void> {
  if (record.value.status === 'Queued') return
  await world.context.store.update(record, { ...record.value, status: 'Queued' })
}
