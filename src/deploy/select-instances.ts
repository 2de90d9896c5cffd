import type { Instance, Instances } from '../compute/instance.ts'
import type { Scope } from '../kernel/scope.ts'
import type { Tag } from '../kernel/tags.ts'
import type { Groups } from '../scale/groups.ts'
import type { Records } from '../store/records.ts'
import type { InstanceSelection, TagFilter } from './deployment-group.ts'
import { isRegistered, onPremisesInstances, type OnPremisesInstance } from './on-premises.ts'

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

/** The registered servers that a selection names. */
export async function selectOnPremises(
  records: Pick<Records, 'list'>,
  scope: Scope,
  selection: InstanceSelection,
): Promise<readonly OnPremisesInstance[]> {
  const { filters = [], set = [] } = selection.onPremises ?? {}
  if (filters.length + set.length === 0) return []
  return (await records.list(onPremisesInstances, scope))
    .map((record) => record.value)
    .filter((instance) => isRegistered(instance) && isNamed(instance.tags, filters, set))
}

export function matchesTags(tags: readonly Tag[], selection: InstanceSelection): boolean {
  return isNamed(tags, selection.ec2TagFilters, selection.ec2TagSet)
}

/** Any filter is enough, or one of each group of the set. */
export function isNamed(
  tags: readonly Tag[],
  filters: readonly TagFilter[],
  set: readonly (readonly TagFilter[])[],
): boolean {
  if (filters.some((filter) => matches(tags, filter))) return true
  return set.length > 0 && set.every((group) => group.some((filter) => matches(tags, filter)))
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
