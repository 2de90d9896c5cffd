import { invalidParameter } from './errors.ts'

const tagsMax = 50

/** Throws when a queue cannot carry these tags. */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags)
  if (entries.length > tagsMax) throw invalidParameter(`Too many tags: at most ${tagsMax}.`)
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || key.startsWith('aws:')) {
      throw invalidParameter(`The tag key ${key} is not valid.`)
    }
    if (value.length > 256) throw invalidParameter(`The value of the tag ${key} is too long.`)
  }
}
