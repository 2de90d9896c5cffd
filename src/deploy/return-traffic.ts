import type { Records, StoredRecord } from '../store/records.ts'
import { hasMovedTraffic } from './choose-targets.ts'
import type { Deployment } from './deployment.ts'
import type { DeploymentGroup } from './deployment-group.ts'
import { deploymentTargets } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'
import type { Rollback } from './finish-deployment.ts'
import { newDeployment } from './start-deployment.ts'

/**
 * The rollback of a blue/green deployment (fact sheet §3.4): the original environment is given the traffic again, the replacement
 * leaves it. Nothing is installed. Before any traffic moved there is nothing to take back.
 */
export async function returnOf(
  world: DeployWorld,
  records: Records,
  of: { readonly record: StoredRecord<Deployment>; readonly group: DeploymentGroup },
): Promise<Rollback> {
  const failed = of.record.value
  const { scope } = of.record
  const course = failed.blueGreen
  const owner = { owner: failed.deploymentId }
  const targets = (await records.list(deploymentTargets, scope, owner)).map(({ value }) => value)
  if (!course || !targets.some(hasMovedTraffic)) {
    const rollbackMessage =
      'Rollback was not needed: no traffic had been rerouted, the original environment serves.'
    return { rollback: { rollbackMessage } }
  }
  const { lastGood } = of.group
  const rollbackMessage = `The traffic of deployment ${failed.deploymentId} is rerouted to the original environment.`
  const deployment = newDeployment(world, {
    group: of.group,
    config: {
      deploymentConfigId: '',
      deploymentConfigName: failed.deploymentConfigName,
      // The original hosts are good and idle: they come back together.
      minimumHealthyHosts: { type: 'HOST_COUNT', value: 0 },
      createTime: undefined,
    },
    revision: lastGood?.revision ?? failed.revision,
    ...(lastGood && { fileExistsBehavior: lastGood.fileExistsBehavior }),
    creator: 'codeDeployRollback',
    selection: failed.selection,
    ignoreApplicationStopFailures: failed.ignoreApplicationStopFailures,
    description: `Rollback of ${failed.deploymentId}`,
  })
  return {
    deployment: {
      ...deployment,
      targetGroupNames: failed.targetGroupNames,
      withTrafficControl: failed.withTrafficControl,
      blueGreen: {
        ...course,
        phase: 'reroute',
        phaseSince: world.context.clock.now(),
        continued: [],
        returnsFrom: failed.deploymentId,
      },
      rollback: { rollbackTriggeringDeploymentId: failed.deploymentId, rollbackMessage },
    },
    rollback: { rollbackDeploymentId: deployment.deploymentId, rollbackMessage },
  }
}
