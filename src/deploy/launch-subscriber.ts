import { kindOf } from '../store/records.ts'
import type { Scope } from '../kernel/scope.ts'
import type { LaunchSubscriber } from '../scale/groups.ts'
import { activeDeployments, deployments } from './deployment.ts'
import { deploymentGroups, groupKey, type DeploymentGroup } from './deployment-group.ts'
import type { DeployWorld } from './deploy-world.ts'
import { findConfig } from './find-config.ts'
import { startDeployment } from './start-deployment.ts'

/** The deployment that a new instance was given. Id: `<group>#<instance>`. */
const launches = kindOf<{ readonly deploymentId: string }>('deploy/launch')

/** New members of Auto Scaling groups get the last good revision of each deployment group before they are in service. */
export function launchSubscriber(world: DeployWorld): LaunchSubscriber {
  return {
    async onLaunch(scope, groupName, instanceId) {
      const groups = await world.context.store.list(deploymentGroups, scope)
      let answer: 'continue' | 'abandon' | 'wait' = 'continue'
      for (const { value } of groups) {
        if (!value.selection.autoScalingGroups.includes(groupName)) continue
        const step = await launchInto(world, scope, { group: value, instanceId })
        if (step === 'abandon') return 'abandon'
        if (step === 'wait') answer = 'wait'
      }
      return answer
    },
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
  at: { readonly group: DeploymentGroup; readonly instanceId: string },
): Promise<'continue' | 'abandon' | 'wait'> {
  const { store } = world.context
  const { group, instanceId } = at
  const key = groupKey(group.applicationName, group.deploymentGroupName)
  const id = `${key}#${instanceId}`
  const launch = await store.find(launches, scope, id)
  if (launch) {
    const record = await store.find(deployments, scope, launch.value.deploymentId)
    if (!record || record.value.status === 'Succeeded') return 'continue'
    return record.value.status === 'Failed' || record.value.status === 'Stopped'
      ? 'abandon'
      : 'wait'
  }
  if (await store.find(activeDeployments, scope, key)) return 'wait'
  const instance = await world.instances.find(scope, instanceId)
  if (instance?.value.state === 'pending') return 'wait'
  const config = await findConfig(store, scope, group.deploymentConfigName)
  if (!group.lastGood || !config) return 'continue'
  const started = await startDeployment(world, scope, {
    group,
    // The one host must succeed; no minimum of others can apply to it.
    config: { ...config, minimumHealthyHosts: { type: 'HOST_COUNT', value: 0 } },
    revision: group.lastGood.revision,
    fileExistsBehavior: group.lastGood.fileExistsBehavior,
    creator: 'autoscaling',
    autoRollback: { enabled: false, events: [] },
    instanceId,
  })
  const deploymentId = started.ok ? started.deploymentId : started.activeDeploymentId
  await store.insert(launches, { scope, id, owner: key }, { deploymentId })
  return 'wait'
}
