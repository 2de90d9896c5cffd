import type { Scope } from '../kernel/scope.ts'
import type { Records, StoredRecord } from '../store/records.ts'
import { activeDeployments, activeKey, deployments } from './deployment.ts'
import { deploymentGroups, groupKey, hostStates, type DeploymentGroup } from './deployment-group.ts'

interface GroupName {
  readonly applicationName: string
  readonly deploymentGroupName: string
}

/** Gives a group, and all that is known of it, another name or application. Within a transaction. */
export async function renameGroup(
  records: Records,
  group: StoredRecord<DeploymentGroup>,
  name: GroupName,
): Promise<void> {
  const { scope } = group
  const owner = groupKey(name.applicationName, name.deploymentGroupName)
  await records.remove(group)
  await records.insert(
    deploymentGroups,
    { scope, id: owner, owner: name.applicationName },
    { ...group.value, ...name },
  )
  for (const state of await records.list(hostStates, scope, { owner: group.id })) {
    await records.remove(state)
    const id = `${owner}/${state.value.instanceId}`
    await records.insert(hostStates, { scope, id, owner }, state.value)
  }
  await renameDeployments(records, { scope, before: group.id, owner, name })
}

async function renameDeployments(
  records: Records,
  change: {
    readonly scope: Scope
    readonly before: string
    readonly owner: string
    readonly name: GroupName
  },
): Promise<void> {
  const { scope, before, owner, name } = change
  for (const deployment of await records.list(deployments, scope, { owner: before })) {
    const active = await records.find(activeDeployments, scope, activeKey(deployment.value))
    const value = { ...deployment.value, ...name }
    await records.remove(deployment)
    await records.insert(deployments, { scope, id: deployment.id, owner }, value)
    if (active?.value.deploymentId !== deployment.id) continue
    await records.remove(active)
    await records.insert(activeDeployments, { scope, id: activeKey(value) }, active.value)
  }
}
