import type { Scope } from '../kernel/scope.ts'
import type { Deployment } from './deployment.ts'
import type { DeploymentGroup } from './deployment-group.ts'
import type { DeployWorld } from './deploy-world.ts'
import { findConfig } from './find-config.ts'
import { startDeployment } from './start-deployment.ts'

/** What such a deployment brings: the group's last good revision, or that of a deployment under way. */
export type Brought = Pick<Deployment, 'revision' | 'fileExistsBehavior'>

/**
 * Begins a deployment to one instance of an Auto Scaling group, unless the deployment group has one under way. Gives the one that is
 * under way now; undefined when the group's configuration is gone.
 */
export async function deployToOne(
  world: DeployWorld,
  scope: Scope,
  to: {
    readonly group: DeploymentGroup
    readonly brought: Brought
    readonly instanceId: string
    readonly creator: 'autoscaling' | 'autoscalingTermination'
  },
): Promise<string | undefined> {
  const { group, brought, instanceId, creator } = to
  const config = await findConfig(world.context.store, scope, group.deploymentConfigName)
  if (!config) return undefined
  const started = await startDeployment(world, scope, {
    group,
    // It is the one host; no minimum of others can apply to it.
    config: { ...config, minimumHealthyHosts: { type: 'HOST_COUNT', value: 0 } },
    revision: brought.revision,
    fileExistsBehavior: brought.fileExistsBehavior,
    creator,
    autoRollback: { enabled: false, events: [] },
    instanceId,
  })
  return started.ok ? started.deploymentId : started.activeDeploymentId
}
