import type { Tag } from '@aws-sdk/client-sns'
import { invalidParameter, tooManyTags } from './errors.ts'

const tagsMax = 50

/** Throws when a topic cannot carry them. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags)
  if (entries.length > tagsMax) throw tooManyTags()
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || key.startsWith('aws:')) {
      throw invalidParameter(`Tags Reason: the key ${key} is not valid`)
    }
    if (value.length > 256) throw invalidParameter(`Tags Reason: the value of ${key} is too long`)
  }
}

export function tagRecord(tags: readonly Tag[] | undefined): Record<string, string> {
  const keys = new Set(tags?.map(({ Key }) => Key))
  if (keys.size !== (tags ?? []).length) throw invalidParameter('Duplicated keys are not allowed.')
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}
