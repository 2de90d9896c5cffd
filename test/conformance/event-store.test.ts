import { after, test } from 'node:test'
import { openPostgresEvents, openPostgresStore } from '../../src/drivers/postgres/index.ts'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { eventStoreConformance } from '../../src/testing/conformance/event-store.ts'
import { temporaryPostgres } from '../../src/testing/embedded-postgres.ts'
import { memoryEvents } from '../../src/testing/memory-events.ts'

eventStoreConformance('in memory', async () => memoryEvents())

const temporary = await temporaryPostgres()

if ('skip' in temporary) {
  test('log events on PostgreSQL', { skip: temporary.skip }, () => undefined)
} else {
  const { connection } = temporary.postgres
  const options = { connection, clock: systemClock, log: silentLog }
  const store = await openPostgresStore(options)
  const events = openPostgresEvents(options)
  after(async () => {
    await events.close()
    await store.close()
    await temporary.remove()
  })
  eventStoreConformance('PostgreSQL', async () => events)
}
