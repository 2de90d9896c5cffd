import type { Scope } from '../kernel/scope.ts'
import { modify, StaleRevision, type Records, type StoredRecord } from '../store/records.ts'
import { activeDeployments, activeKey, type Deployment, type DeploymentEnd } from './deployment.ts'
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
import { endTurns } from './start-in-turn.ts'
import { overviewOf } from './plan-deployment.ts'
import { endTarget } from './plan-target.ts'
import { locationKey } from './revision.ts'
import { returnOf } from './return-traffic.ts'
import { insertDeployment, newDeployment } from './start-deployment.ts'

/**
 * Ends a deployment: skips what did not begin, records what its hosts now have, and frees the group, or hands it to the rollback that this
 * end asks for. In one transaction; a large fleet's hosts come first, after the end that was decided on was written down, so that a
 * server that dies in between leaves nothing to decide anew.
 */
export async function finishDeployment(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
  end: DeploymentEnd,
): Promise<void> {
  const { store, clock } = world.context
  const { scope } = record
  const { deploymentId } = record.value
  const targets = await store.list(deploymentTargets, scope, { owner: deploymentId })
  await endTurns(
    store,
    scope,
    targets.map((target) => target.value),
  )
  const now = clock.now()
  const finished =
    targets.length <= world.limits.hostsOfTransaction
      ? await store.transaction(async (records) =>
          conclude(world, records, { record, end, targets: await endHosts(records, record, now) }),
        )
      : await finishLarge(world, record, end)
  world.watched.forget(scope, deploymentId)
  announce(world, scope, finished)
}

async function finishLarge(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
  end: DeploymentEnd,
): Promise<Deployment> {
  const { store, clock } = world.context
  const { value: deployment } = record
  const ending = deployment.ending
    ? record
    : await store.update(record, { ...deployment, ending: end })
  const targets = await endHosts(store, ending, clock.now())
  return store.transaction((records) => conclude(world, records, { record: ending, end, targets }))
}

/** Of the hosts: what did not begin is skipped, commands go, and their states are written down. Repeating it changes nothing. */
async function endHosts(
  records: Records,
  record: StoredRecord<Deployment>,
  now: number,
): Promise<readonly DeploymentTarget[]> {
  const { scope, value: deployment } = record
  const targets = await endTargets(records, record, now)
  await rememberHosts(records, scope, { deployment, targets })
  return targets
}

async function conclude(
  world: DeployWorld,
  records: Records,
  of: {
    readonly record: StoredRecord<Deployment>
    readonly end: DeploymentEnd
    readonly targets: readonly DeploymentTarget[]
  },
): Promise<Deployment> {
  const { record, end } = of
  const { scope } = record
  const { ending: _done, ...deployment } = record.value
  const owner = groupKey(deployment.applicationName, deployment.deploymentGroupName)
  const group = (await records.find(deploymentGroups, scope, owner))?.value
  const next = group && (await rollbackOf(world, records, { record, end, group }))
  await handOver(records, scope, { deployment, next })
  const finished: Deployment = {
    ...deployment,
    status: end.status,
    completeTime: world.context.clock.now(),
    overview: overviewOf(of.targets),
    ...(end.error && { errorInformation: end.error }),
    ...(next?.rollback && { rollback: { ...deployment.rollback, ...next.rollback } }),
  }
  await records.update(record, finished)
  if (deployment.instanceId === undefined) await rememberGroup(records, scope, finished)
  if (next?.deployment) await insertDeployment(records, scope, next.deployment)
  return finished
}

async function endTargets(
  records: Records,
  record: StoredRecord<Deployment>,
  now: number,
): Promise<readonly DeploymentTarget[]> {
  const { deploymentId } = record.value
  const { scope } = record
  const ended = await Promise.all(
    (await records.list(deploymentTargets, scope, { owner: deploymentId })).map(async (target) => {
      if (hasEnded(target.value.status)) return target.value
      const value = endTarget(target.value, 'Skipped', now)
      await records.update(target, value)
      return value
    }),
  )
  for (;;) {
    const commands = await records.list(hostCommands, scope, { idPrefix: `${deploymentId}/` })
    if (commands.length === 0) return ended
    for (const end of await Promise.allSettled(
      commands.map((command) => records.remove(command)),
    )) {
      // An agent said something meanwhile: once more.
      if (end.status === 'rejected' && !(end.reason instanceof StaleRevision)) throw end.reason
    }
  }
}

async function rememberHosts(
  records: Records,
  scope: Scope,
  done: { readonly deployment: Deployment; readonly targets: readonly DeploymentTarget[] },
): Promise<void> {
  const { deployment } = done
  if (isReturn(deployment) || deployment.creator === 'autoscalingTermination') return
  const owner = groupKey(deployment.applicationName, deployment.deploymentGroupName)
  // The original environment keeps what it has.
  const touched = done.targets.filter(
    ({ label, status }) => label !== 'Blue' && (status === 'Succeeded' || status === 'Failed'),
  )
  await Promise.all(
    touched.map(async (target) => {
      const value: HostState = {
        instanceId: target.targetId,
        healthy: target.status === 'Succeeded',
        ...(target.status === 'Succeeded' && { revision: locationKey(deployment.revision) }),
      }
      const id = `${owner}/${target.targetId}`
      const known = await records.find(hostStates, scope, id)
      if (known) await records.update(known, value)
      else await records.insert(hostStates, { scope, id, owner }, value)
    }),
  )
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
