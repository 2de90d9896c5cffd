import { after, test } from 'node:test'
import { openPostgresMessages, openPostgresStore } from '../../src/drivers/postgres/index.ts'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { messagesConformance } from '../../src/testing/conformance/messages.ts'
import { temporaryPostgres } from '../../src/testing/embedded-postgres.ts'

const temporary = await temporaryPostgres()

if ('skip' in temporary) {
  test('messages on PostgreSQL', { skip: temporary.skip }, () => undefined)
} else {
  const { connection } = temporary.postgres
  const options = { connection, clock: systemClock, log: silentLog }
  await (await openPostgresStore(options)).close()
  const store = openPostgresMessages(options)
  after(async () => {
    await store.close()
    await temporary.remove()
  })
  messagesConformance('PostgreSQL', async () => store, 150)
}
