import { after, test } from 'node:test'
import { openPostgresPoints, openPostgresStore } from '../../src/drivers/postgres/index.ts'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { pointStoreConformance } from '../../src/testing/conformance/point-store.ts'
import { temporaryPostgres } from '../../src/testing/embedded-postgres.ts'
import { memoryPoints } from '../../src/testing/memory-points.ts'

pointStoreConformance('in memory', async () => memoryPoints(systemClock))

const temporary = await temporaryPostgres()

if ('skip' in temporary) {
  test('metric points on PostgreSQL', { skip: temporary.skip }, () => undefined)
} else {
  const { connection } = temporary.postgres
  const store = await openPostgresStore({ connection, clock: systemClock, log: silentLog })
  const points = openPostgresPoints({ connection, log: silentLog, now: () => systemClock.now() })
  after(async () => {
    await points.close()
    await store.close()
    await temporary.remove()
  })
  pointStoreConformance('PostgreSQL', async () => points)
}
