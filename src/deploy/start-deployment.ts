import { randomText, upperAlphanumeric } from '../kernel/random.ts'
import type { Scope } from '../kernel/scope.ts'
import { modify, RecordExists, type Records } from '../store/records.ts'
import {
  activeDeployments,
  activeKey,
  deployments,
  noOverview,
  type Deployment,
  type DeploymentCreator,
} from './deployment.ts'
import type { DeploymentConfig } from './deployment-config.ts'
import {
  deploymentGroups,
  groupKey,
  type AlarmSettings,
  type AutoRollback,
  type DeploymentGroup,
  type FileExistsBehavior,
  type InstanceSelection,
} from './deployment-group.ts'
import type { DeployWorld } from './deploy-world.ts'
import { tellingDeployments } from './triggers-reconciler.ts'
import { revisionId, revisions, type RevisionLocation } from './revision.ts'

export interface StartRequest {
  readonly group: DeploymentGroup
  readonly config: DeploymentConfig
  readonly revision: RevisionLocation
  readonly creator: DeploymentCreator
  readonly description?: string
  readonly instanceId?: string
  /** The replacement environment of a blue/green deployment, where it exists already. */
  readonly green?: InstanceSelection
  /** Instead of the group's own. */
  readonly selection?: InstanceSelection
  readonly autoRollback?: AutoRollback
  readonly alarms?: AlarmSettings
  readonly ignoreApplicationStopFailures?: boolean
  readonly updateOutdatedInstancesOnly?: boolean
  readonly fileExistsBehavior?: FileExistsBehavior
  /** The last good deployment of the group, whose revision is to be started anew. */
  readonly restartOf?: Pick<Deployment, 'deploymentId' | 'appspecFileName'>
}

export type StartOutcome =
  | { readonly ok: true; readonly deploymentId: string }
  | { readonly ok: false; readonly activeDeploymentId: string }

/** Writes the deployment down, unless its group has an active one; the reconciler carries it out. */
export async function startDeployment(
  world: DeployWorld,
  scope: Scope,
  request: StartRequest,
): Promise<StartOutcome> {
  const { store } = world.context
  const deployment = newDeployment(world, request)
  const lock = { scope, id: activeKey(deployment) }
  const begun = { deploymentId: deployment.deploymentId }
  for (;;) {
    const active = await store.find(activeDeployments, scope, lock.id)
    if (active) return { ok: false, activeDeploymentId: active.value.deploymentId }
    try {
      await store.transaction(async (records) => {
        await records.insert(activeDeployments, lock, begun)
        await insertDeployment(records, scope, deployment)
      })
      return { ok: true, deploymentId: deployment.deploymentId }
    } catch (thrown) {
      if (!(thrown instanceof RecordExists)) throw thrown
    }
  }
}

/** Within a transaction that has taken, or keeps, the group's lock. */
export async function insertDeployment(
  records: Records,
  scope: Scope,
  deployment: Deployment,
): Promise<void> {
  const { deploymentId, applicationName, deploymentGroupName, revision, createTime } = deployment
  const owner = groupKey(applicationName, deploymentGroupName)
  await records.insert(deployments, { scope, id: deploymentId, owner }, deployment)
  if (deployment.triggers) {
    await records.insert(tellingDeployments, { scope, id: deploymentId, owner }, { told: [] })
  }
  if (deployment.instanceId !== undefined) return
  await modify(records, { kind: deploymentGroups, scope, id: owner }, (group) => ({
    ...group,
    lastAttempted: { deploymentId, status: 'Created' as const, createTime },
  }))
  const id = revisionId(applicationName, revision)
  const known = await records.find(revisions, scope, id)
  const used = {
    firstUsedTime: known?.value.firstUsedTime ?? createTime,
    lastUsedTime: createTime,
    deploymentGroups: [...new Set([...(known?.value.deploymentGroups ?? []), deploymentGroupName])],
  }
  if (known) await records.update(known, { ...known.value, ...used })
  else {
    const value = { applicationName, location: revision, registerTime: createTime, ...used }
    await records.insert(revisions, { scope, id, owner: applicationName }, value)
  }
}

/** A deployment as it is first written. */
export function newDeployment(world: DeployWorld, request: StartRequest): Deployment {
  const { group, config } = request
  const deploymentId = `d-${randomText(world.context.random, 9, upperAlphanumeric)}`
  const alarms = request.alarms ?? group.alarms
  // What rings would stop its own remedy.
  const isWatched = request.creator !== 'codeDeployRollback' && request.instanceId === undefined
  const blueGreen = request.instanceId === undefined && group.blueGreen
  return {
    deploymentId,
    applicationName: group.applicationName,
    deploymentGroupName: group.deploymentGroupName,
    deploymentGroupId: group.deploymentGroupId,
    deploymentConfigName: config.deploymentConfigName,
    minimumHealthyHosts: config.minimumHealthyHosts,
    ...(config.zonal && { zonal: config.zonal }),
    revision: request.revision,
    ...(group.lastGood && { previousRevision: group.lastGood.revision }),
    status: 'Created',
    creator: request.creator,
    createTime: world.context.clock.now(),
    ...(request.description !== undefined && { description: request.description }),
    selection: request.selection ?? group.selection,
    ...(request.instanceId !== undefined && { instanceId: request.instanceId }),
    withTrafficControl: group.withTrafficControl,
    ...(blueGreen && {
      blueGreen: {
        ...blueGreen,
        phase: 'install',
        phaseSince: world.context.clock.now(),
        continued: [],
        green: greenSelection(group, deploymentId, request.green),
      },
    }),
    targetGroupNames: group.targetGroupNames,
    autoRollback: request.autoRollback ?? group.autoRollback,
    ...(alarms && isWatched && { alarms }),
    ...(group.triggers && group.triggers.length > 0 && { triggers: group.triggers }),
    ignoreApplicationStopFailures: request.ignoreApplicationStopFailures ?? false,
    updateOutdatedInstancesOnly: request.updateOutdatedInstancesOnly ?? false,
    fileExistsBehavior: request.fileExistsBehavior ?? 'DISALLOW',
    ...(request.restartOf && { restartOf: request.restartOf.deploymentId }),
    appspecFileName: request.restartOf?.appspecFileName ?? 'appspec.yml',
    overview: noOverview,
  }
}

function greenSelection(
  group: DeploymentGroup,
  deploymentId: string,
  given: InstanceSelection | undefined,
): InstanceSelection {
  const nothing = { ec2TagFilters: [], ec2TagSet: [], autoScalingGroups: [] }
  if (group.blueGreen?.greenFleet !== 'COPY_AUTO_SCALING_GROUP') return given ?? nothing
  // AWS's name for the copy.
  const copy = `CodeDeploy_${group.deploymentGroupName}_${deploymentId}`
  return { ...nothing, autoScalingGroups: [copy] }
}
