import type { Tag as GivenTag } from '@aws-sdk/client-elastic-load-balancing'
import type { Tag } from '../../kernel/tags.ts'
import { duplicateTagKeys, tooManyTags } from './errors.ts'

const tagsMax = 50

export function readTags(given: readonly GivenTag[] | undefined): readonly Tag[] {
  const tags = (given ?? []).map((tag) => ({ Key: tag.Key ?? '', Value: tag.Value ?? '' }))
  if (new Set(tags.map((tag) => tag.Key)).size !== tags.length) throw duplicateTagKeys()
  return checkTags(tags)
}

export function checkTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > tagsMax) throw tooManyTags(tagsMax)
  return tags
}
