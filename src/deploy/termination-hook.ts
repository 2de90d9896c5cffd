import { kindOf } from '../store/records.ts'
import type { Scope } from '../kernel/scope.ts'
import { deployments, type Deployment } from './deployment.ts'
import { deploymentGroups, groupKey, type DeploymentGroup } from './deployment-group.ts'
import { deployToOne, type Brought } from './deploy-to-one.ts'
import type { DeployWorld } from './deploy-world.ts'

/** The last deployment that a leaving instance was given. Id: `<group>#<instance>`. */
const terminations = kindOf<{ readonly deploymentId: string }>('deploy/termination')

/**
 * Gives an instance that its Auto Scaling group ends a deployment which stops what runs on it, for each deployment group that asks
 * for it. However that ends, the instance may go, as on AWS. Called until it says so.
 */
export async function beforeTermination(
  world: DeployWorld,
  scope: Scope,
  groupName: string,
  instanceId: string,
): Promise<'continue' | 'wait'> {
  let answer: 'continue' | 'wait' = 'continue'
  for (const { value: group } of await world.context.store.list(deploymentGroups, scope)) {
    const isOurs = group.selection.autoScalingGroups.includes(groupName)
    if (!group.hasTerminationHook || !isOurs || !group.lastGood) continue
    const step = await terminate(world, scope, { group, brought: group.lastGood, instanceId })
    if (step === 'wait') answer = 'wait'
  }
  return answer
}

async function terminate(
  world: DeployWorld,
  scope: Scope,
  leaving: {
    readonly group: DeploymentGroup
    readonly brought: Brought
    readonly instanceId: string
  },
): Promise<'continue' | 'wait'> {
  const { store } = world.context
  const { group, brought, instanceId } = leaving
  const owner = groupKey(group.applicationName, group.deploymentGroupName)
  const id = `${owner}#${instanceId}`
  const begun = await store.find(terminations, scope, id)
  if (begun) return isUnderWay(await findDeployment(world, scope, begun.value.deploymentId))
  const to = { group, brought, instanceId, creator: 'autoscalingTermination' } as const
  const deploymentId = await deployToOne(world, scope, to)
  if (deploymentId === undefined) return 'continue'
  const deployment = await findDeployment(world, scope, deploymentId)
  // The deployment of its launch is under way still: after it.
  if (deployment?.creator !== 'autoscalingTermination') return 'wait'
  await store.insert(terminations, { scope, id, owner }, { deploymentId })
  return 'wait'
}

async function findDeployment(
  world: DeployWorld,
  scope: Scope,
  deploymentId: string,
): Promise<Deployment | undefined> {
  return (await world.context.store.find(deployments, scope, deploymentId))?.value
}

function isUnderWay(deployment: Deployment | undefined): 'continue' | 'wait' {
  const { status } = deployment ?? { status: 'Failed' }
  return status === 'Succeeded' || status === 'Failed' || status === 'Stopped' ? 'continue' : 'wait'
}
