import type { Instance, Instances } from '../compute/instance.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { Groups } from '../scale/groups.ts'
import type { InstanceSelection, TagFilter } from './deployment-group.ts'

/** The running instances that a selection names, each once (fact sheet §3.7). Of Auto Scaling groups: members in service. */
export async function selectInstances(
  scope: Scope,
  selection: InstanceSelection,
  world: {
    readonly instances: Instances
    readonly groups: Groups
    /** Members that are not in service yet, but had their first deployment. */
    wasDeployedAtLaunch(instanceId: string): Promise<boolean>
  },
): Promise<readonly Instance[]> {
  const running = (await world.instances.list(scope))
    .map((record) => record.value)
    .filter((instance) => instance.state === 'running')
  const members = new Set<string>()
  for (const name of selection.autoScalingGroups) {
    for (const member of (await world.groups.members(scope, name)) ?? []) {
      const isReady =
        member.lifecycleState === 'InService' ||
        (member.lifecycleState.startsWith('Pending') &&
          (await world.wasDeployedAtLaunch(member.instanceId)))
      if (isReady) members.add(member.instanceId)
    }
  }
  return running.filter(
    (instance) => members.has(instance.instanceId) || matchesTags(instance.tags, selection),
  )
}

export function matchesTags(tags: readonly Tag[], selection: InstanceSelection): boolean {
  if (selection.ec2TagFilters.some((filter) => matches(tags, filter))) return true
  return (
    selection.ec2TagSet.length > 0 &&
    selection.ec2TagSet.every((group) => group.some((filter) => matches(tags, filter)))
  )
}

function matches(tags: readonly Tag[], filter: TagFilter): boolean {
  switch (filter.Type) {
    case 'KEY_ONLY':
      return tags.some((tag) => tag.Key === filter.Key)
    case 'VALUE_ONLY':
      return tags.some((tag) => tag.Value === (filter.Value ?? ''))
    case 'KEY_AND_VALUE':
      return tags.some((tag) => tag.Key === filter.Key && tag.Value === (filter.Value ?? ''))
  }
}
