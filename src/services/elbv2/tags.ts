import type { Tag as GivenTag } from '@aws-sdk/client-elastic-load-balancing-v2'
import { openBalanceArn } from '../../balance/arns.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { Tag } from '../../kernel/tags.ts'
import type { Elbv2Deps } from './deps.ts'
import { duplicateTagKeys, reservedTagKey, tooManyTags, validationError } from './errors.ts'
import { requireBalancer, requireGroup, requireListener, requireRule } from './find.ts'

const tagsMax = 50

export function readTags(given: readonly GivenTag[] | undefined): readonly Tag[] {
  const tags = (given ?? []).map((tag) => ({ Key: tag.Key ?? '', Value: tag.Value ?? '' }))
  if (tags.length > tagsMax) throw tooManyTags(tagsMax)
  if (new Set(tags.map((tag) => tag.Key)).size !== tags.length) {
    throw duplicateTagKeys()
  }
  return tags
}

/** Tags that a caller gives to what is there: keys of `aws:` are the platform's. */
export function readAddedTags(given: readonly GivenTag[] | undefined): readonly Tag[] {
  const tags = readTags(given)
  if (tags.some(({ Key }) => isReserved(Key))) throw reservedTagKey()
  return tags
}

export function isReserved(key: string): boolean {
  return key.toLowerCase().startsWith('aws:')
}

type Change = (tags: readonly Tag[]) => readonly Tag[]

/** The tags of anything that has an ARN here. */
export async function tagsOf(deps: Elbv2Deps, scope: Scope, arn: string): Promise<readonly Tag[]> {
  switch (openBalanceArn(scope, arn)?.noun) {
    case 'loadbalancer':
      return (await requireBalancer(deps, scope, arn)).tags
    case 'targetgroup':
      return (await requireGroup(deps, scope, arn)).tags
    case 'listener':
      return (await requireListener(deps, scope, arn)).tags
    case 'listener-rule':
      return (await requireRule(deps, scope, arn)).tags
    case undefined:
      throw validationError(`'${arn}' is not a valid load balancing ARN`)
  }
}

export async function changeTags(
  deps: Elbv2Deps,
  scope: Scope,
  arn: string,
  change: Change,
): Promise<void> {
  const tags = change(await tagsOf(deps, scope, arn))
  readTags([...tags])
  const { balancers, groups, listeners } = deps.balance
  const opened = openBalanceArn(scope, arn)
  const id = opened?.id ?? ''
  switch (opened?.noun) {
    case 'loadbalancer':
      await balancers.modify(scope, id, (balancer) => ({
        ...balancer,
        tags: change(balancer.tags),
      }))
      return
    case 'targetgroup':
      await groups.modify(scope, id, (group) => ({ ...group, tags: change(group.tags) }))
      return
    case 'listener':
      await listeners.modify(scope, id, { tags })
      return
    case 'listener-rule':
      await listeners.modifyRule(scope, id, { tags })
      return
    case undefined:
  }
}
