import type { Scope } from '../kernel/scope.ts'
import { modify, RecordExists, type Store } from '../store/records.ts'
import { eventLogs, type EventLog } from './host-command.ts'

/** Kept of one event's log; the whole log is on the host. */
const logCharactersMax = 256 * 1024

export interface LogPart {
  /** In characters. */
  readonly offset: number
  readonly text: string
}

/** Adds to a command's log what lies beyond what it holds: agents that are not sure say the same again. */
export async function appendLog(
  store: Store,
  scope: Scope,
  commandId: string,
  part: LogPart,
): Promise<void> {
  const at = { kind: eventLogs, scope, id: commandId }
  const known = await modify(store, at, (log) => extended(log, part))
  if (known) return
  const owner = commandId.split('/')[0] ?? ''
  const empty = { text: '', isTruncated: false }
  const first = part.offset === 0 ? (extended(empty, part) ?? empty) : empty
  try {
    await store.insert(eventLogs, { scope, id: commandId, owner }, first)
  } catch (thrown) {
    // Of two that insert the same at once, one does; the other's next word comes in time.
    if (!(thrown instanceof RecordExists)) throw thrown
  }
}

function extended(log: EventLog, part: LogPart): EventLog | undefined {
  const added = part.text.slice(Math.max(0, log.text.length - part.offset))
  if (added === '' || log.isTruncated || part.offset > log.text.length) return undefined
  const text = (log.text + added).slice(0, logCharactersMax)
  return { text, isTruncated: log.text.length + added.length > logCharactersMax }
}
