import type { PoolClient, QueryResultRow } from 'pg'
import type { AppendedMessage, NewMessage } from '../../queue/domain/message.ts'
import { copyIn, copyRow } from './copy-in.ts'
import * as statements from './message-statements.ts'

/** Runs one prepared statement of a transaction. */
export type RunStatement = <R extends QueryResultRow>(
  name: string,
  text: string,
  values: unknown[],
) => Promise<R[]>

type Sequenced = NewMessage & { readonly sequence: number }

/** Messages of standard queues: copied in, which costs PostgreSQL a third of what an insert of as many rows does. */
export async function appendStandard(
  client: PoolClient,
  messages: readonly NewMessage[],
): Promise<readonly AppendedMessage[]> {
  const counts = new Map<number, number>()
  let rows = ''
  for (const message of messages) {
    const { queue } = message
    counts.set(queue, (counts.get(queue) ?? 0) + 1)
    rows += rowOf(message)
  }
  await copyIn(client, statements.append(counts), rows)
  return messages.map(({ id }) => ({ id, sequence: 0, isDuplicate: false }))
}

/** By the columns of `statements.append`. */
function rowOf(message: NewMessage): string {
  const { queue, id, visibleAt, sentAt, group, deduplicationId, sender, trace } = message
  const times = [visibleAt, sentAt, sentAt, sentAt]
  const rest = [group, deduplicationId, sender, trace, message.attributes, message.body]
  return copyRow([queue, id, ...times, ...rest])
}

/**
 * Messages of FIFO queues, in a transaction that holds the lock of each: commits come in the order of their sequences, so that no claim sees a
 * later message before an earlier one.
 */
export async function appendFifo(
  run: RunStatement,
  messages: readonly NewMessage[],
  now: number,
): Promise<readonly AppendedMessage[]> {
  const taken = await run<{ sequence: number }>('take', statements.takeSequences, [messages.length])
  const sequenced = messages.map((message, n) => ({
    ...message,
    sequence: taken[n]?.sequence ?? 0,
  }))
  const originals = await originalsOf(run, sequenced, now)
  const fresh = sequenced.filter(({ id }) => !originals.has(id))
  if (fresh.length > 0) {
    await run('append-sequenced', statements.appendSequenced, [messagesText(fresh)])
  }
  return sequenced.map(
    ({ id, sequence, isFifo }) =>
      originals.get(id) ?? { id, sequence: isFifo ? sequence : 0, isDuplicate: false },
  )
}

/** What each duplicate is a duplicate of, by the duplicate's id; in the store, or earlier in this very list. */
async function originalsOf(
  run: RunStatement,
  messages: readonly Sequenced[],
  now: number,
): Promise<ReadonlyMap<string, AppendedMessage>> {
  const firsts = new Map<string, Sequenced>()
  for (const message of messages) {
    const key = markOf(message)
    if (key !== undefined && !firsts.has(key)) firsts.set(key, message)
  }
  if (firsts.size === 0) return new Map()
  const marked = await run<{ id: string }>('mark', statements.markNew, [
    marksText([...firsts.values()]),
    now,
  ])
  const isNew = new Set(marked.map(({ id }) => id))
  const repeated = [...firsts.values()].filter(({ id }) => !isNew.has(id))
  const known = new Map<string, AppendedMessage>()
  if (repeated.length > 0) {
    const rows = await run<{ queue: number; key: string; id: string; sequence: number }>(
      'read-marks',
      statements.readMarks,
      [marksText(repeated)],
    )
    for (const { queue, key, id, sequence } of rows) {
      known.set(`${queue} ${key}`, { id, sequence, isDuplicate: true })
    }
  }
  const originals = new Map<string, AppendedMessage>()
  for (const message of messages) {
    const key = markOf(message)
    const first = key === undefined ? undefined : firsts.get(key)
    if (key === undefined || !first) continue
    const stored = known.get(key)
    if (stored) originals.set(message.id, stored)
    else if (first.id !== message.id) {
      originals.set(message.id, { id: first.id, sequence: first.sequence, isDuplicate: true })
    }
  }
  return originals
}

function markOf({ queue, deduplicationKey }: NewMessage): string | undefined {
  return deduplicationKey === undefined ? undefined : `${queue} ${deduplicationKey}`
}

function marksText(messages: readonly Sequenced[]): string {
  return JSON.stringify(
    messages.map((message) => ({
      q: message.queue,
      k: message.deduplicationKey,
      i: message.id,
      n: message.sequence,
      e: message.deduplicateUntil,
    })),
  )
}

function messagesText(messages: readonly Sequenced[]): string {
  return JSON.stringify(
    messages.map((message) => ({
      q: message.queue,
      n: message.sequence,
      i: message.id,
      v: message.visibleAt,
      t: message.sentAt,
      g: message.group,
      d: message.deduplicationId,
      u: message.sender,
      x: message.trace,
      a: message.attributes,
      b: message.body,
    })),
  )
}
