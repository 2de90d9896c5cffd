import type { Scope } from '../../kernel/scope.ts'
import type { GroupTag } from '../../scale/group.ts'
import { limitExceeded, pendingDelete } from './errors.ts'
import type { AutoScalingDeps } from './service-deps.ts'
import { changeGroup, groupNamed } from './update-group.ts'

/** AWS's quota in one group; those that AWS itself gives are not counted. */
const tagsMax = 50

export function checkTagCount(tags: readonly GroupTag[]): readonly GroupTag[] {
  if (tags.filter(({ Key }) => !Key.toLowerCase().startsWith('aws:')).length > tagsMax) {
    throw limitExceeded(`An Auto Scaling group has at most ${tagsMax} tags`)
  }
  return tags
}

/** Changes the tags of several groups. Every group and its change is looked at first, so that bad input changes none. */
export async function changeTags(
  deps: AutoScalingDeps,
  scope: Scope,
  groupNames: readonly (string | undefined)[],
  change: (groupName: string, tags: readonly GroupTag[]) => readonly GroupTag[],
): Promise<void> {
  const named = [...new Set(groupNames)]
  const groups = await Promise.all(named.map((name) => groupNamed(deps, scope, name)))
  for (const { name, isDeleting, tags } of groups) {
    if (isDeleting) throw pendingDelete(name)
    change(name, tags)
  }
  for (const { name } of groups) {
    await changeGroup(deps, scope, name, (group) => ({
      ...group,
      tags: change(name, group.tags),
    }))
  }
}
