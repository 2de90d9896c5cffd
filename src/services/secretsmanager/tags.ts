import type { Tag } from '../../kernel/tags.ts'
import { invalidParameter } from './errors.ts'

const tagsMax = 50

/** Throws for too many of them, and for one without a key. */
export function tagsGiven(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] = [],
): readonly Tag[] {
  if (tags.length > tagsMax) throw invalidParameter(`A secret has at most ${tagsMax} tags.`)
  return tags.map(({ Key = '', Value = '' }) => {
    if (Key === '') throw invalidParameter('A tag needs a Key.')
    return { Key, Value }
  })
}
