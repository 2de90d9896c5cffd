import type { Tag } from '@aws-sdk/client-eventbridge'
import { invalid } from './errors.ts'

const tagsMax = 50

export function tagRecord(tags: readonly Tag[] | undefined): Record<string, string> {
  const record: Record<string, string> = {}
  for (const { Key = '', Value = '' } of tags ?? []) {
    if (Key in record) throw invalid(`The tag key ${Key} is given twice.`)
    if (Key.length < 1 || Key.length > 128 || Key.startsWith('aws:') || Value.length > 256) {
      throw invalid(`The tag ${Key} is not valid.`)
    }
    record[Key] = Value
  }
  return record
}

export function checkCount(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > tagsMax) throw invalid(`A rule has at most ${tagsMax} tags.`)
}
