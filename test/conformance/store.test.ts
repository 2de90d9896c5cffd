import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { Client } from 'pg'
import { openPostgresStore } from '../../src/drivers/postgres/index.ts'
import { migrate } from '../../src/drivers/postgres/migrate.ts'
import { DriverError } from '../../src/kernel/errors.ts'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { kindOf } from '../../src/store/records.ts'
import type { Change, Store } from '../../src/store/records.ts'
import { storeConformance } from '../../src/testing/conformance/store.ts'
import { temporaryPostgres } from '../../src/testing/embedded-postgres.ts'

const temporary = await temporaryPostgres()
const scope = { account: '000000000000', region: 'us-east-1' }
const writes = kindOf<{ n: number }>('test/writes')

if ('skip' in temporary) {
  test('the store on PostgreSQL', { skip: temporary.skip }, () => undefined)
} else {
  const open = (isShared = false): Promise<Store> =>
    openPostgresStore({
      connection: temporary.postgres.connection,
      clock: systemClock,
      log: silentLog,
      isShared,
    })
  const store = await open()
  after(async () => {
    await store.close()
    await temporary.remove()
  })

  storeConformance('PostgreSQL', async () => store)

  test('servers on one database hear of each other, and not of themselves twice', async () => {
    const [one, two] = await Promise.all([open(true), open(true)])
    const heardByOne: Change[] = []
    one.watch(writes, (changes) => heardByOne.push(...changes))
    const heardByTwo = new Promise<readonly Change[]>((resolve) => two.watch(writes, resolve))
    // The listener may not listen yet, so the change is made until it is heard.
    let made = 0
    const timer = setInterval(() => {
      void one.insert(writes, { scope, id: `shared-${made++}` }, { n: 1 })
    }, 20)
    const heard = await heardByTwo
    clearInterval(timer)
    assert.equal(heard[0]?.kind, writes.name)
    await Promise.all([one.close(), two.close()])
    assert.equal(new Set(heardByOne.map(({ id }) => id)).size, heardByOne.length)
  })

  test('migrations run once each, in order, and a newer database is refused', async () => {
    const { connection } = temporary.postgres
    const client = new Client(connection)
    await client.connect()
    await client.query('create database migrations')
    await client.end()
    const other = new Client({ ...connection, database: 'migrations' })
    await other.connect()
    const scripts = ['create table one (n int)', 'alter table one add column m int']
    await migrate(other, scripts.slice(0, 1))
    await migrate(other, scripts)
    await migrate(other, scripts)
    await other.query('insert into one (n, m) values (1, 2)')
    await assert.rejects(migrate(other, scripts.slice(0, 1)), DriverError)
    await assert.rejects(migrate(other, [...scripts, 'create table two (n int); wrong']))
    const { rows } = await other.query("select to_regclass('two') as two")
    assert.equal(rows[0].two, null)
    await other.end()
  })

  test('a second start adopts the server that runs', async () => {
    const again = await temporary.start()
    assert.deepEqual([again.adopted, again.pid], [true, temporary.postgres.pid])
  })

  test('no acknowledged write is lost when the database and the writer are killed', async () => {
    const program = new URL('acknowledge-writes.ts', import.meta.url).pathname
    const connection = JSON.stringify(temporary.postgres.connection)
    const writer = spawn(process.execPath, [program, connection], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const acknowledged: string[] = []
    const lines = createInterface({ input: writer.stdout })
    lines.on('line', (line) => {
      acknowledged.push(line)
      if (acknowledged.length === 2000) {
        process.kill(temporary.postgres.pid, 'SIGKILL')
        writer.kill('SIGKILL')
      }
    })
    await once(lines, 'close')

    const restarted = await temporary.start()
    assert.equal(restarted.adopted, false)
    const found = new Set((await store.listAll(writes)).map(({ id }) => id))
    const lost = acknowledged.filter((id) => !found.has(id))
    assert.ok(acknowledged.length >= 2000)
    assert.deepEqual(lost, [])
  })

  test('after a stop nothing is left, and what asks then hears that the database is away', async () => {
    const running = await temporary.start()
    await running.stop()
    await assert.rejects(access(join(temporary.folder, 'run', '.s.PGSQL.5432')))
    await assert.rejects(access(`/proc/${running.pid}`))
    await assert.rejects(store.find(writes, scope, 'x'), DriverError)
    await temporary.start()
    assert.equal(await store.find(writes, scope, 'x'), undefined)
  })
}
