import type { Scope } from '../kernel/scope.ts'
import { modify, type Records, type StoredRecord } from '../store/records.ts'
import {
  activeDeployments,
  activeKey,
  type Deployment,
  type DeploymentError,
} from './deployment.ts'
import {
  deploymentGroups,
  groupKey,
  hostStates,
  type DeploymentGroup,
  type HostState,
} from './deployment-group.ts'
import { deploymentTargets, hasEnded, type DeploymentTarget } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'
import { findConfig } from './find-config.ts'
import { hostCommands } from './host-command.ts'
import { overviewOf } from './plan-deployment.ts'
import { endTarget } from './plan-target.ts'
import { locationKey } from './revision.ts'
import { returnOf } from './return-traffic.ts'
import { insertDeployment, newDeployment } from './start-deployment.ts'

export interface DeploymentEnd {
  readonly status: 'Succeeded' | 'Failed' | 'Stopped'
  readonly error?: DeploymentError
}

/**
 * Ends a deployment in one transaction: skips what did not begin, records what its hosts now have, and frees the group, or hands it to
 * the rollback that this end asks for.
 */
export async function finishDeployment(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
  end: DeploymentEnd,
): Promise<void> {
  const { scope, value: deployment } = record
  const now = world.context.clock.now()
  const owner = groupKey(deployment.applicationName, deployment.deploymentGroupName)
  const ended = await world.context.store.transaction(async (records) => {
    const targets = await endTargets(records, record, now)
    await rememberHosts(records, scope, { deployment, targets, owner })
    const group = (await records.find(deploymentGroups, scope, owner))?.value
    const next = group && (await rollbackOf(world, records, { record, end, group }))
    await handOver(records, scope, { deployment, next })
    const finished: Deployment = {
      ...deployment,
      status: end.status,
      completeTime: now,
      overview: overviewOf(targets),
      ...(end.error && { errorInformation: end.error }),
      ...(next?.rollback && { rollback: { ...deployment.rollback, ...next.rollback } }),
    }
    await records.update(record, finished)
    if (deployment.instanceId === undefined) await rememberGroup(records, scope, finished)
    if (next?.deployment) await insertDeployment(records, scope, next.deployment)
    return { finished, targets }
  })
  announce(world, scope, ended.finished)
}

async function endTargets(
  records: Records,
  record: StoredRecord<Deployment>,
  now: number,
): Promise<readonly DeploymentTarget[]> {
  const { deploymentId } = record.value
  const ended: DeploymentTarget[] = []
  for (const target of await records.list(deploymentTargets, record.scope, {
    owner: deploymentId,
  })) {
    const isWaiting = !hasEnded(target.value.status)
    const value = isWaiting ? endTarget(target.value, 'Skipped', now) : target.value
    if (isWaiting) await records.update(target, value)
    ended.push(value)
    for (const command of await records.list(hostCommands, record.scope, {
      owner: value.targetId,
    })) {
      if (command.value.deploymentId === deploymentId) await records.remove(command)
    }
  }
  return ended
}

async function rememberHosts(
  records: Records,
  scope: Scope,
  done: {
    readonly deployment: Deployment
    readonly targets: readonly DeploymentTarget[]
    readonly owner: string
  },
): Promise<void> {
  if (isReturn(done.deployment)) return
  for (const target of done.targets) {
    // The original environment keeps what it has.
    if (target.label === 'Blue') continue
    if (target.status !== 'Succeeded' && target.status !== 'Failed') continue
    const value: HostState = {
      instanceId: target.targetId,
      healthy: target.status === 'Succeeded',
      ...(target.status === 'Succeeded' && { revision: locationKey(done.deployment.revision) }),
    }
    const id = `${done.owner}/${target.targetId}`
    const known = await records.find(hostStates, scope, id)
    if (known) await records.update(known, value)
    else await records.insert(hostStates, { scope, id, owner: done.owner }, value)
  }
}

async function rememberGroup(records: Records, scope: Scope, finished: Deployment): Promise<void> {
  const { deploymentId, status, createTime, completeTime } = finished
  if (status !== 'Succeeded' && status !== 'Failed' && status !== 'Stopped') return
  const last = {
    deploymentId,
    status,
    createTime,
    ...(completeTime !== undefined && { endTime: completeTime }),
  }
  const id = groupKey(finished.applicationName, finished.deploymentGroupName)
  await modify(records, { kind: deploymentGroups, scope, id }, (group) => ({
    ...group,
    lastAttempted: last,
    ...(status === 'Succeeded' && { lastSuccessful: last }),
    ...(status === 'Succeeded' &&
      !isReturn(finished) && {
        lastGood: {
          deploymentId,
          revision: finished.revision,
          fileExistsBehavior: finished.fileExistsBehavior,
        },
      }),
  }))
}

/** Of blue/green: it deploys nothing. */
function isReturn(deployment: Deployment): boolean {
  return deployment.blueGreen?.returnsFrom !== undefined
}

export interface Rollback {
  readonly deployment?: Deployment
  readonly rollback: NonNullable<Deployment['rollback']>
}

/** The deployment of the last good revision that this end asks for; or why there is none; or undefined when none is asked for. */
async function rollbackOf(
  world: DeployWorld,
  records: Records,
  of: {
    readonly record: StoredRecord<Deployment>
    readonly end: DeploymentEnd
    readonly group: DeploymentGroup
  },
): Promise<Rollback | undefined> {
  const failed = of.record.value
  if (!asksForRollback(failed, of.end)) return undefined
  if (failed.blueGreen) return returnOf(world, records, of)
  const config = await findConfig(records, of.record.scope, failed.deploymentConfigName)
  const { lastGood } = of.group
  if (!lastGood || !config) {
    const rollbackMessage =
      'Rollback was not done: there is no earlier successful deployment in this deployment group to go back to.'
    return { rollback: { rollbackMessage } }
  }
  const rollbackMessage = `Deployment ${failed.deploymentId} is rolled back to the revision of deployment ${lastGood.deploymentId}.`
  const deployment = newDeployment(world, {
    group: of.group,
    config,
    revision: lastGood.revision,
    fileExistsBehavior: lastGood.fileExistsBehavior,
    creator: 'codeDeployRollback',
    selection: failed.selection,
    ignoreApplicationStopFailures: failed.ignoreApplicationStopFailures,
    description: `Rollback of ${failed.deploymentId}`,
  })
  return {
    deployment: {
      ...deployment,
      rollback: { rollbackTriggeringDeploymentId: failed.deploymentId, rollbackMessage },
    },
    rollback: { rollbackDeploymentId: deployment.deploymentId, rollbackMessage },
  }
}

function asksForRollback(deployment: Deployment, end: DeploymentEnd): boolean {
  if (deployment.creator === 'codeDeployRollback' || deployment.instanceId !== undefined) {
    return false
  }
  const { enabled, events } = deployment.autoRollback
  if (end.status === 'Failed') return enabled && events.includes('DEPLOYMENT_FAILURE')
  if (end.status !== 'Stopped') return false
  if (deployment.stopRequested?.alarms !== undefined) {
    return enabled && events.includes('DEPLOYMENT_STOP_ON_ALARM')
  }
  return (
    deployment.stopRequested?.rollback ?? (enabled && events.includes('DEPLOYMENT_STOP_ON_REQUEST'))
  )
}

async function handOver(
  records: Records,
  scope: Scope,
  change: { readonly deployment: Deployment; readonly next: Rollback | undefined },
): Promise<void> {
  const active = await records.find(activeDeployments, scope, activeKey(change.deployment))
  if (active?.value.deploymentId !== change.deployment.deploymentId) return
  const next = change.next?.deployment
  if (next) await records.update(active, { deploymentId: next.deploymentId })
  else await records.remove(active)
}

/** The EventBridge notification, in AWS's shape. */
export function announce(world: DeployWorld, scope: Scope, deployment: Deployment): void {
  const states = { InProgress: 'START', Succeeded: 'SUCCESS', Failed: 'FAILURE', Stopped: 'STOP' }
  const { status } = deployment
  const state = status in states ? states[status as keyof typeof states] : undefined
  if (state === undefined) return
  world.context.events.publish({
    source: 'aws.codedeploy',
    detailType: 'CodeDeploy Deployment State-change Notification',
    scope,
    resources: [],
    detail: {
      application: deployment.applicationName,
      deploymentGroup: deployment.deploymentGroupName,
      deploymentId: deployment.deploymentId,
      instanceGroupId: deployment.deploymentGroupId,
      region: scope.region,
      state,
    },
  })
}
