import type { ClientConfig } from 'pg'
import { openPostgresStore } from '../../src/drivers/postgres/index.ts'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { kindOf } from '../../src/store/records.ts'

// A program for the durability test: writes without end, and prints the id of each write once it is acknowledged.
const connection = JSON.parse(process.argv[2] ?? '{}') as ClientConfig
const store = await openPostgresStore({ connection, clock: systemClock, log: silentLog })
const writes = kindOf<{ n: number }>('test/writes')
const scope = { account: '000000000000', region: 'us-east-1' }
const writersCount = 8

await Promise.all(
  Array.from({ length: writersCount }, async (_, writer) => {
    for (let n = 0; ; n++) {
      const id = `acknowledged-${writer}-${n}`
      await store.insert(writes, { scope, id }, { n })
      process.stdout.write(`${id}\n`)
    }
  }),
)
