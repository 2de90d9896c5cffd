import type { Records, StoredRecord } from '../store/records.ts'
import { bucketScope, lastCharacter, objects, type ObjectVersion } from './stored-object.ts'

export interface KeyRequest {
  readonly bucket: string
  readonly prefix: string
  readonly delimiter: string
  /** Keys up to and with this one are left out, and so is the common prefix that it lies in. */
  readonly after: string
}

export type KeyEntry =
  | { readonly key: string; readonly record: StoredRecord<ObjectVersion> }
  | { readonly commonPrefix: string }

const pageSize = 1000
/** With a delimiter a page may lie below one common prefix as a whole, and is then read for nothing. */
const delimitedPageSize = 100

/** The keys of a bucket in order. Those with the delimiter behind the prefix are one common prefix, skipped over as a whole. */
export async function* listKeys(records: Records, request: KeyRequest): AsyncGenerator<KeyEntry> {
  const { bucket, prefix, delimiter } = request
  const itemsMax = delimiter === '' ? pageSize : delimitedPageSize
  let skipped = commonPrefixOf(request.after, prefix, delimiter)
  let after = request.after
  for (;;) {
    const start = skipped === undefined ? after : skipped + lastCharacter
    const page = await records.list(objects, bucketScope, {
      idPrefix: `${bucket}/${prefix}`,
      idAfter: `${bucket}/${start}`,
      itemsMax,
    })
    for (const record of page) {
      const { key } = record.value
      if (skipped !== undefined && key.startsWith(skipped)) continue
      skipped = commonPrefixOf(key, prefix, delimiter)
      after = key
      yield skipped === undefined ? { key, record } : { commonPrefix: skipped }
    }
    if (page.length < itemsMax) return
  }
}

/** `photos/` for `photos/a.jpg` under the delimiter `/`. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}
