import { DriverError, reasonOf } from '../kernel/errors.ts'
import type { Scope } from '../kernel/scope.ts'
import { AppspecError, parseAppspec } from '../protocol/appspec.ts'
import type { StoredRecord } from '../store/records.ts'
import { activeDeployments, type Deployment, type DeploymentError } from './deployment.ts'
import { chooseTargets } from './choose-targets.ts'
import { groupKey } from './deployment-group.ts'
import { deploymentTargets, targetKey } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'
import { overviewOf } from './plan-deployment.ts'
import { provisionGreen } from './provision-green.ts'
import { describeLocation, isOnGitHub } from './revision.ts'

export type BeginOutcome =
  | { readonly state: 'begun' }
  /** Hosts of this group are being given the last good revision at their launch. */
  | { readonly state: 'queued' }
  /** The replacement environment's instances are being launched. */
  | { readonly state: 'provisioning' }
  | { readonly state: 'failed'; readonly error: DeploymentError }

/** Looks at the revision, chooses the hosts, and writes a target for each. */
export async function beginDeployment(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
): Promise<BeginOutcome> {
  const deployment = record.value
  const { scope } = record
  if (await launchesAreActive(world, scope, deployment)) return { state: 'queued' }
  const { blueGreen } = deployment
  const installs = blueGreen?.returnsFrom === undefined
  const deploysNothing = deployment.creator === 'autoscalingTermination'
  const looks = installs && !deploysNothing && deployment.restartOf === undefined
  const bundle = looks ? await lookAtBundle(world, scope, deployment) : deployment
  if ('error' in bundle) return { state: 'failed', error: bundle.error }
  if (installs && blueGreen?.greenFleet === 'COPY_AUTO_SCALING_GROUP') {
    const provisioned = await provisionGreen(world, scope, deployment)
    if (provisioned.state !== 'provisioned') return provisioned
  }
  const chosen = await chooseTargets(world, scope, deployment)
  if ('error' in chosen) return { state: 'failed', error: chosen.error }
  const now = world.context.clock.now()
  await world.context.store.transaction(async (records) => {
    await Promise.all(
      chosen.targets.map((target) => {
        const id = targetKey(target.deploymentId, target.targetId)
        const owner = target.deploymentId
        return records.insert(deploymentTargets, { scope, id, owner }, target)
      }),
    )
    await records.update(record, {
      ...deployment,
      status: 'InProgress',
      startTime: now,
      ...(blueGreen && { blueGreen: { ...blueGreen, phaseSince: now } }),
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
  // Hosts fetch a commit themselves, as AWS's agents do: whether it holds an appspec.yml shows there.
  if (isOnGitHub(revision)) return { appspecFileName: 'appspec.yml' }
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
