import type { Tag } from '../../kernel/tags.ts'
import { invalidTag, malformedXml } from './errors.ts'

interface TagInput {
  readonly Key: string | undefined
  readonly Value: string | undefined
}

export const objectTagsMax = 10
export const bucketTagsMax = 50
const keyLengthMax = 128
const valueLengthMax = 256

/** The tags of a `TagSet`. Refuses what S3 refuses: doubles, reserved names, too many, too long. */
export function tagsOf(tagSet: readonly TagInput[] | undefined, countMax: number): readonly Tag[] {
  const tags = (tagSet ?? []).map(({ Key, Value }) => {
    if (Key === undefined || Value === undefined) throw malformedXml()
    return { Key, Value }
  })
  if (tags.length > countMax) {
    throw invalidTag(`Tag count cannot be greater than ${countMax}`)
  }
  const keys = new Set(tags.map(({ Key }) => Key))
  if (keys.size < tags.length) {
    throw invalidTag('Cannot provide multiple Tags with the same key')
  }
  for (const { Key, Value } of tags) {
    if (Key === '' || Key.length > keyLengthMax) {
      throw invalidTag('The TagKey you have provided is invalid')
    }
    if (Value.length > valueLengthMax) {
      throw invalidTag('The TagValue you have provided is invalid')
    }
    if (Key.startsWith('aws:')) throw invalidTag('System tags cannot be added/updated by requester')
  }
  return tags
}

/** The header `x-amz-tagging`: `a=1&b=2`. */
export function tagsOfHeader(text: string | undefined): readonly Tag[] {
  if (text === undefined || text === '') return []
  const pairs = [...new URLSearchParams(text)]
  return tagsOf(
    pairs.map(([Key, Value]) => ({ Key, Value })),
    objectTagsMax,
  )
}
