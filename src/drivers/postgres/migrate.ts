import type { ClientBase } from 'pg'
import { DriverError } from '../../kernel/errors.ts'
import { records } from './migrations/0001-records.ts'
import { metricPoints } from './migrations/0002-metric-points.ts'
import { messages } from './migrations/0003-messages.ts'
import { pointsInTheirIndex } from './migrations/0004-points-in-their-index.ts'
import { logEvents } from './migrations/0005-log-events.ts'
import { countsByStatements } from './migrations/0006-counts-by-statements.ts'

/** In order; the number is the place, from 1. What has been released is never changed, only added to. */
const migrations: readonly string[] = [
  records,
  metricPoints,
  messages,
  pointsInTheirIndex,
  logEvents,
  countsByStatements,
]

/** Any constant number; two servers that start at once take turns on it. */
const migrationLock = 731_905_112

/** Brings the database to the newest schema. Throws when it was made by a newer version than this one. */
export async function migrate(client: ClientBase, scripts = migrations): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [migrationLock])
  try {
    await client.query(
      'create table if not exists migrations (number integer primary key, at timestamptz not null default now())',
    )
    const { rows } = await client.query<{ done: number }>(
      'select coalesce(max(number), 0)::int as done from migrations',
    )
    const done = rows[0]?.done ?? 0
    if (done > scripts.length) {
      throw new DriverError(
        `the database is at schema ${done}, newer than this version's ${scripts.length}`,
        { retryable: false },
      )
    }
    for (const [index, script] of scripts.entries()) {
      if (index >= done) await runOne(client, index + 1, script)
    }
  } finally {
    await client.query('select pg_advisory_unlock($1)', [migrationLock])
  }
}

async function runOne(client: ClientBase, number: number, script: string): Promise<void> {
  await client.query('begin')
  try {
    await client.query(script)
    await client.query('insert into migrations (number) values ($1)', [number])
    await client.query('commit')
  } catch (thrown) {
    await client.query('rollback')
    throw thrown
  }
}
