import type { PublishBatchRequestEntry } from '@aws-sdk/client-sns'
import { isEntryId } from '../../queue/domain/message-content.ts'
import {
  batchTooLong,
  emptyBatch,
  entryIdsNotDistinct,
  invalidEntryId,
  tooManyEntries,
} from './errors.ts'
import { entryBytes, messageBytesMax } from './telling.ts'

const entriesMax = 10

/** Refuses a batch whose entries are none, too many, too long together, or not told apart by their ids. */
export function checkBatch(entries: readonly PublishBatchRequestEntry[]): void {
  if (entries.length === 0) throw emptyBatch()
  if (entries.length > entriesMax) throw tooManyEntries()
  const ids = new Set<string>()
  for (const { Id: id = '' } of entries) {
    if (!isEntryId(id)) throw invalidEntryId(id)
    if (ids.has(id)) throw entryIdsNotDistinct()
    ids.add(id)
  }
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0)
  if (bytes > messageBytesMax) throw batchTooLong()
}
