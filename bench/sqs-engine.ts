import { Pool } from 'pg'
import {
  openPostgresMessages,
  openPostgresStore,
  type EmbeddedPostgres,
} from '../src/drivers/postgres/index.ts'
import { silentLog } from '../src/kernel/ports.ts'
import { systemClock } from '../src/kernel/system/clock.ts'
import { systemRandom } from '../src/kernel/system/random.ts'
import { createQueues, type Queues } from '../src/queue/create-queues.ts'
import { receiptOf } from '../src/queue/domain/receipt.ts'
import type { Queue } from '../src/queue/queue.ts'
import { temporaryPostgres } from '../src/testing/embedded-postgres.ts'
import { row } from './figures.ts'
import { familyOf, usageOf } from './process-usage.ts'
import { body, clientCounts, closedLoops, head, measured, type Spent } from './sqs-rounds.ts'

const scope = { account: '000000000000', region: 'us-east-1' }
/** Of a backlog: sent one after the other, as by a busy day's senders. */
const messagesMillisecond = 10
const filledAtOnce = 500_000
const { signal } = new AbortController()

interface Engine {
  readonly queues: Queues
  readonly postgres: EmbeddedPostgres
  readonly spent: Spent
}

/** The engine of queues on its store, without HTTP. */
export async function withEngine(work: (engine: Engine) => Promise<void>): Promise<void> {
  const temporary = await temporaryPostgres()
  if ('skip' in temporary) {
    row(`the engine: ${temporary.skip}`)
    return
  }
  const { postgres } = temporary
  const options = { connection: postgres.connection, clock: systemClock, log: silentLog }
  const store = await openPostgresStore(options)
  const messages = openPostgresMessages(options)
  const context = {
    ...{ store, clock: systemClock, random: systemRandom, log: silentLog },
    ...{ events: { publish: () => undefined }, wake: { wake: () => undefined } },
  }
  const queues = createQueues(context, messages)
  const spent = (): Record<string, number> => ({
    database: usageOf(familyOf(postgres.pid)).cpuSeconds,
  })
  try {
    await work({ queues, postgres, spent })
  } finally {
    queues.close()
    await messages.close()
    await store.close()
    await temporary.remove()
  }
}

export async function engineRates({ queues, spent }: Engine): Promise<void> {
  const queue = await queues.catalogue.create(scope, { name: 'queue', attributes: {}, tags: {} })
  head('the engine', 'database')
  for (const [name, act] of [
    ['send', () => sendSome(queues, queue, 1)],
    ['send 10', () => sendSome(queues, queue, 10)],
    ['receive 1, delete', () => takeSome(queues, queue, 1)],
    ['receive 10, delete', () => takeSome(queues, queue, 10)],
  ] as const) {
    for (const clients of clientCounts) {
      await measured(name, clients, { run: () => closedLoops(clients, act), spent })
    }
  }
}

/** Receiving from a queue of more and more messages. */
export async function backlogCurve(engine: Engine, most: number): Promise<void> {
  const { queues } = engine
  const queue = await queues.catalogue.create(scope, { name: 'backlog', attributes: {}, tags: {} })
  head('a backlog', 'database')
  await curve(engine, {
    queue,
    most,
    groups: 0,
    counts: [1, 16],
    name: (backlog) => `${backlog}: receive 10, delete`,
  })
}

/** The same of a FIFO queue, whose messages are of a few groups or of many. */
export async function fifoCurve(engine: Engine, most: number): Promise<void> {
  const { queues } = engine
  head('a FIFO backlog', 'database')
  for (const groups of [10, 10_000]) {
    const attributes = { FifoQueue: 'true' }
    const wish = { name: `of-${groups}.fifo`, attributes, tags: {} }
    const queue = await queues.catalogue.create(scope, wish)
    const name = (backlog: number): string => `${backlog} of ${groups} groups: receive 10`
    await curve(engine, { queue, most, groups, counts: [16], name })
  }
}

async function curve(
  { queues, postgres, spent }: Engine,
  of: {
    readonly queue: Queue
    readonly most: number
    readonly groups: number
    /** Of clients. */
    readonly counts: readonly number[]
    readonly name: (backlog: number) => string
  },
): Promise<void> {
  const { queue, most, groups, counts, name } = of
  const database = new Pool(postgres.connection)
  // Connections that are about to be closed hear of the end of the database.
  database.on('error', () => undefined)
  let [sent, held] = [0, 0]
  const firstAt = Date.now() - (most * 2) / messagesMillisecond
  const fillTo = async (backlog: number): Promise<void> => {
    while (held < backlog) {
      const count = Math.min(filledAtOnce, backlog - held)
      await fill(database, queue, { count, groups, at: firstAt + sent / messagesMillisecond })
      sent += count
      held += count
    }
  }
  for (let backlog = 10_000; backlog <= most; backlog *= 10) {
    await fillTo(backlog)
    // What was filled in a minute instead of hours is written out before, so that its pages do not compete.
    await database.query('checkpoint')
    const prepare = (): Promise<void> => fillTo(backlog)
    for (const clients of counts) {
      const run = async (): ReturnType<typeof closedLoops> => {
        const act = (): Promise<number> => takeSome(queues, queue, 10)
        const round = await closedLoops(clients, act, { countMax: backlog / 2 })
        held -= round.count
        return round
      }
      await measured(name(backlog), clients, { run, spent, prepare })
    }
  }
  await database.end()
}

async function fill(
  database: Pool,
  queue: Queue,
  { count, groups, at }: { readonly count: number; readonly groups: number; readonly at: number },
): Promise<void> {
  await database.query(
    `insert into messages (queue, id, visible_at, kept_from, enqueued_at, sent_at, sender, body, message_group)
     select $1, gen_random_uuid(), at, at, at, at, 'bench', $3, case when $5::int > 0 then 'group ' || n % $5 end
     from (select n, $2::bigint + n / ${messagesMillisecond} as at from generate_series(0, $4::int - 1) n) sent`,
    [queue.key, Math.round(at), body, count, groups],
  )
  const sum = 'insert into message_counts (queue, delta) values ($1, $2)'
  await database.query(sum, [queue.key, count])
}

async function sendSome(queues: Queues, queue: Queue, count: number): Promise<number> {
  const sending = { body, sender: 'bench' }
  await queues.sendAll(queue, Array(count).fill(sending))
  return count
}

async function takeSome(queues: Queues, queue: Queue, limit: number): Promise<number> {
  const taken = await queues.receive(queue, { limit, signal })
  await queues.removeAll(queue, taken.map(receiptOf))
  return taken.length
}
