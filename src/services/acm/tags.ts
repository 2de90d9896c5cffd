import type { Tag as GivenTag } from '@aws-sdk/client-acm'
import { withTags, type Tag } from '../../kernel/tags.ts'

/** Later ones win; a tag without a value has an empty one. */
export function readTags(given: readonly GivenTag[] | undefined): readonly Tag[] {
  return withTags(
    [],
    (given ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value })),
  )
}
