import { isEntryId } from '../../queue/domain/message-content.ts'
import { failedEntry } from './answering.ts'
import { emptyBatch, entryIdsNotDistinct, invalidEntryId, tooManyEntries } from './errors.ts'

const entriesMax = 10

interface Entry {
  readonly Id: string | undefined
}

interface BatchAnswer<Success> {
  readonly Successful: Success[]
  readonly Failed: ReturnType<typeof failedEntry>[]
}

/** Refuses a batch whose entries are none, too many, or not told apart by their ids. */
export function checkBatch(entries: readonly Entry[]): void {
  if (entries.length === 0) throw emptyBatch()
  if (entries.length > entriesMax) throw tooManyEntries(entries.length)
  const ids = new Set<string>()
  for (const { Id: id = '' } of entries) {
    if (!isEntryId(id)) throw invalidEntryId()
    if (ids.has(id)) throw entryIdsNotDistinct(id)
    ids.add(id)
  }
}

/** Each entry for itself, begun in their order: one that fails does not keep the others back. */
export async function eachEntry<Item extends Entry, Success>(
  entries: readonly Item[] | undefined,
  act: (entry: Item) => Promise<Omit<Success, 'Id'>>,
): Promise<BatchAnswer<Success>> {
  const given = entries ?? []
  checkBatch(given)
  const outcomes = await Promise.allSettled(given.map((entry) => act(entry)))
  const answer: BatchAnswer<Success> = { Successful: [], Failed: [] }
  for (const [n, outcome] of outcomes.entries()) {
    const id = given[n]?.Id ?? ''
    if (outcome.status === 'rejected') answer.Failed.push(failedEntry(id, outcome.reason))
    else answer.Successful.push({ Id: id, ...outcome.value } as Success)
  }
  return answer
}
