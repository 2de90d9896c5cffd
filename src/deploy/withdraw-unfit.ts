import type { StoredRecord } from '../store/records.ts'
import type { Deployment } from './deployment.ts'
import { deploymentTargets, failedEvent } from './deployment-target.ts'
import type { DeployWorld } from './deploy-world.ts'

/**
 * Before a deployment ends badly: hosts that it put into target groups and that are to serve nobody leave them again. Those are a new
 * instance whose launch failed (its group gives it up), and replacement hosts that did not become healthy.
 */
export async function withdrawUnfit(
  world: DeployWorld,
  record: StoredRecord<Deployment>,
): Promise<void> {
  const { scope, value: deployment } = record
  const owner = { owner: deployment.deploymentId }
  for (const { value: target } of await world.context.store.list(deploymentTargets, scope, owner)) {
    const isLaunch = deployment.instanceId !== undefined && target.status === 'Failed'
    const neverServed = target.label === 'Green' && failedEvent(target)?.name === 'AllowTraffic'
    if (!isLaunch && !neverServed) continue
    for (const name of deployment.targetGroupNames) {
      const arn = await world.targets.arnOfName(scope, name)
      const places = arn === undefined ? [] : ((await world.targets.list(scope, arn)) ?? [])
      const own = places.filter(
        (place) => place.targetId === target.targetId && place.state !== 'draining',
      )
      if (arn === undefined || own.length === 0) continue
      await world.targets.deregister(
        scope,
        arn,
        own.map(({ targetId, port }) => ({ targetId, port })),
      )
    }
  }
}
