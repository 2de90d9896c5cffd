import type { ClientConfig } from 'pg'
import { openPostgresStore } from '../../src/drivers/postgres/index.ts'
import { silentLog } from '../../src/kernel/ports.ts'
import { systemClock } from '../../src/kernel/system/clock.ts'
import { s3Fixture } from './s3-fixture.ts'

// A program for the durability test: S3 on PostgreSQL and a folder. Prints its address.
const connection = JSON.parse(process.argv[2] ?? '{}') as ClientConfig
const store = await openPostgresStore({ connection, clock: systemClock, log: silentLog })
const { endpoint } = await s3Fixture(store, silentLog, process.argv[3])
process.stdout.write(`${endpoint}\n`)
