import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { openPostgresMessages, openPostgresStore } from '../../src/drivers/postgres/index.ts'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { fifoConsumersConformance } from '../../src/testing/conformance/fifo-consumers.ts'
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
  fifoConsumersConformance('PostgreSQL', async () => store, 20)

  test('servers on one database wake each other for what one of them stores', async () => {
    const shared = { ...options, isShared: true }
    const [one, two] = [openPostgresMessages(shared), openPostgresMessages(shared)]
    const heard = new Promise<number>((resolve) => two.watch(resolve))
    const now = Date.now()
    const message = {
      queue: 77,
      body: 'x',
      sender: 's',
      sentAt: now,
      visibleAt: now,
      isFifo: false,
    }
    // The listener may not listen yet, so messages are sent until one is heard of.
    const timer = setInterval(() => void one.append([{ ...message, id: randomUUID() }], now), 20)
    assert.equal(await heard, 77)
    clearInterval(timer)
    await Promise.all([one.close(), two.close()])
  })
}
