import { AwsError } from '../../kernel/errors.ts'
import { isEntryId } from '../../queue/domain/message-content.ts'
import { QueueRefusal } from '../../queue/refusal.ts'
import {
  asAwsError,
  emptyBatch,
  entryIdsNotDistinct,
  invalidEntryId,
  tooManyEntries,
} from './errors.ts'

const entriesMax = 10

interface Entry {
  readonly Id: string | undefined
}

interface BatchAnswer<Success> {
  readonly Successful: Success[]
  readonly Failed: FailedEntry[]
}

interface FailedEntry {
  readonly Id: string
  readonly SenderFault: boolean
  readonly Code: string
  readonly Message: string
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

/** How the entries of a batch are done as one: `act` answers in the order of what was prepared. */
interface Together<Item, Prepared, Done, Success> {
  prepare(entry: Item): Prepared
  act(prepared: readonly Prepared[]): Promise<readonly (Done | QueueRefusal)[]>
  answer(prepared: Prepared, done: Done): Omit<Success, 'Id'>
}

/** Each entry for itself, though they go together: one that fails does not keep the others back. */
export async function answeredTogether<Item extends Entry, Prepared, Done, Success>(
  entries: readonly Item[],
  { prepare, act, answer }: Together<Item, Prepared, Done, Success>,
): Promise<BatchAnswer<Success>> {
  const all: BatchAnswer<Success> = { Successful: [], Failed: [] }
  const prepared: Prepared[] = []
  const ids: string[] = []
  for (const entry of entries) {
    const { Id: id = '' } = entry
    try {
      prepared.push(prepare(entry))
      ids.push(id)
    } catch (thrown) {
      all.Failed.push(failedEntry(id, thrown))
    }
  }
  const outcomes = prepared.length > 0 ? await act(prepared) : []
  for (const [n, done] of outcomes.entries()) {
    const id = ids[n] ?? ''
    if (done instanceof QueueRefusal) all.Failed.push(failedEntry(id, done))
    else all.Successful.push({ Id: id, ...answer(prepared[n]!, done) } as Success)
  }
  return all
}

/** Each entry for itself, begun in their order. */
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

/** What a batch says of an entry that failed; rethrows what is not the caller's mistake. */
function failedEntry(id: string, thrown: unknown): FailedEntry {
  const error = asAwsError(thrown)
  if (!(error instanceof AwsError)) throw thrown
  return { Id: id, SenderFault: true, Code: error.code, Message: error.message }
}
