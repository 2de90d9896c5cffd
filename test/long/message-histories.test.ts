import { after, test } from 'node:test'
import { openPostgresMessages, openPostgresStore } from '../../src/drivers/postgres/index.ts'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { fifoConsumersConformance } from '../../src/testing/conformance/fifo-consumers.ts'
import { messagesConformance } from '../../src/testing/conformance/messages.ts'
import { temporaryPostgres } from '../../src/testing/embedded-postgres.ts'

const histories = Number(process.env['EVENKEEL_HISTORIES'] ?? 3_000)
const temporary = await temporaryPostgres()

if ('skip' in temporary) {
  test('thousands of histories on PostgreSQL', { skip: temporary.skip }, () => undefined)
} else {
  const { connection } = temporary.postgres
  const options = { connection, clock: systemClock, log: silentLog }
  await (await openPostgresStore(options)).close()
  const store = openPostgresMessages(options)
  after(async () => {
    await store.close()
    await temporary.remove()
  })
  messagesConformance('PostgreSQL', async () => store, histories)
  fifoConsumersConformance('PostgreSQL', async () => store, histories)
}
