import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { join } from 'node:path'
import { ReceiveMessageCommand, DeleteMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
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
import { startPlatform, type Platform } from '../test/harness/platform.ts'
import { load, signed, type Call } from './api-call.ts'
import { quantile, row } from './figures.ts'
import { peerBrokers, type PeerClient } from './peer-brokers.ts'
import { familyOf, usageOf } from './process-usage.ts'

/**
 * Messages a second, durable: fsync is on, and an answer comes after the commit. First the engine on its store, then the whole platform
 * over HTTP with signatures checked, then brokers of other makers. Clients, server and PostgreSQL share the machine, so the processor
 * time of a message tells more than the rate. `EVENKEEL_BENCH_SQS=backlog,peers` runs only these parts.
 */
const secondsEach = 3
const clientCounts = [1, 16, 64]
const body = 'x'.repeat(256)
const scope = { account: '000000000000', region: 'us-east-1' }
/** Backlogs at which receiving is measured. `EVENKEEL_BENCH_BACKLOG=10000000` goes to the end of the curve. */
const backlogMax = Number(process.env['EVENKEEL_BENCH_BACKLOG'] ?? 1_000_000)

/** Of the backlog: sent one after the other, as by a busy day's senders. */
const messagesMillisecond = 10

const { signal } = new AbortController()

const parts = process.env['EVENKEEL_BENCH_SQS']?.split(',')
const isWanted = (part: string): boolean => parts?.includes(part) ?? true

if (isWanted('engine') || isWanted('backlog')) await engineFigures()
if (isWanted('platform')) await platformFigures()
if (isWanted('peers')) await peerFigures()

async function engineFigures(): Promise<void> {
  const temporary = await temporaryPostgres()
  if ('skip' in temporary) {
    row(`the engine: ${temporary.skip}`)
    return
  }
  const options = { connection: temporary.postgres.connection, clock: systemClock, log: silentLog }
  const store = await openPostgresStore(options)
  const messages = openPostgresMessages(options)
  const queues = createQueues(
    {
      store,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      events: { publish: () => undefined },
      wake: { wake: () => undefined },
    },
    messages,
  )
  const make = (name: string): Promise<Queue> =>
    queues.catalogue.create(scope, { name, attributes: {}, tags: {} })
  try {
    row('engine, messages a second', 'clients', 'rate', 'p50', 'p99')
    if (isWanted('engine')) await engineRates(queues, await make('queue'))
    if (isWanted('backlog')) {
      await backlogCurve(queues, await make('backlog'), temporary.postgres)
    }
  } finally {
    queues.close()
    await messages.close()
    await store.close()
    await temporary.remove()
  }
}

async function engineRates(queues: Queues, queue: Queue): Promise<void> {
  for (const clients of clientCounts) {
    await measure('send', { clients }, () => sendSome(queues, queue, 1))
  }
  for (const clients of clientCounts) {
    await measure('send 10', { clients }, () => sendSome(queues, queue, 10))
  }
  for (const clients of clientCounts) {
    await measure('receive 1, delete', { clients }, () => takeSome(queues, queue, 1))
  }
  for (const clients of clientCounts) {
    await measure('receive 10, delete', { clients }, () => takeSome(queues, queue, 10))
  }
}

/** Receiving from a queue of more and more messages, which the database makes by itself. */
async function backlogCurve(
  queues: Queues,
  queue: Queue,
  { connection, pid }: EmbeddedPostgres,
): Promise<void> {
  const database = new Pool(connection)
  // Connections that are about to be closed hear of the end of the database.
  database.on('error', () => undefined)
  const spent = (): number => usageOf(familyOf(pid)).cpuSeconds
  let count = 0
  const firstAt = Date.now() - backlogMax / messagesMillisecond
  for (let backlog = 10_000; backlog <= backlogMax; backlog *= 10) {
    for (; count < backlog; count += Math.min(500_000, backlog - count)) {
      const at = firstAt + count / messagesMillisecond
      await fill(database, queue, { count: Math.min(500_000, backlog - count), at })
    }
    // What was filled in a minute instead of hours is written out before, so that its pages do not compete.
    await database.query('checkpoint')
    const name = `of ${backlog} receive 10, delete`
    for (const clients of [1, 16]) {
      const before = spent()
      const taken = await measure(name, { clients }, () => takeSome(queues, queue, 10))
      const each = `${(((spent() - before) * 1e6) / taken).toFixed(0)} us`
      row('  processor time a message', 'database', each)
    }
  }
  await database.end()
}

async function fill(
  database: Pool,
  queue: Queue,
  { count, at }: { readonly count: number; readonly at: number },
): Promise<void> {
  await database.query(
    `insert into messages (queue, id, visible_at, kept_from, enqueued_at, sent_at, sender, body)
     select $1, gen_random_uuid(), at, at, at, at, 'bench', $3
     from (select $2::bigint + n / ${messagesMillisecond} as at from generate_series(0, $4::int - 1) n) sent`,
    [queue.key, Math.round(at), body, count],
  )
}

async function sendSome(queues: Queues, queue: Queue, count: number): Promise<number> {
  const sending = { body, sender: 'bench' }
  await Promise.all(Array.from({ length: count }, () => queues.send(queue, sending)))
  return count
}

async function takeSome(queues: Queues, queue: Queue, limit: number): Promise<number> {
  const taken = await queues.receive(queue, { limit, signal })
  await Promise.all(taken.map((message) => queues.remove(queue, receiptOf(message))))
  return taken.length
}

/** Closed loops of `clients`; `act` says how many messages it was. Gives the number of all. */
async function measure(
  name: string,
  { clients }: { clients: number },
  act: (client: number) => Promise<number>,
): Promise<number> {
  const latencies: number[] = []
  let count = 0
  const began = performance.now()
  const end = began + secondsEach * 1000
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      while (performance.now() < end) {
        const at = performance.now()
        const done = await act(client)
        count += done
        latencies.push(performance.now() - at)
      }
    }),
  )
  const rate = (count * 1000) / (performance.now() - began)
  show(name, clients, rate, { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) })
  return count
}

function show(
  name: string,
  clients: number,
  rate: number,
  { p50, p99 }: { p50: number; p99: number },
): void {
  row(name, String(clients), rate.toFixed(0), `${p50.toFixed(1)} ms`, `${p99.toFixed(1)} ms`)
}

async function platformFigures(): Promise<void> {
  const platform = await startPlatform()
  const call = (operation: string, input: object): Call => ({
    name: operation,
    service: 'sqs',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
    },
    body: JSON.stringify(input),
  })
  try {
    row('HTTP, messages a second', 'clients', 'rate', 'p50', 'p99')
    const made = call('CreateQueue', { QueueName: 'bench' })
    const answer = await fetch(platform.endpoint, {
      method: 'POST',
      headers: await signed(platform, made),
      body: made.body,
    })
    const { QueueUrl } = (await answer.json()) as { QueueUrl: string }
    const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: body }))
    const sends = [
      { each: 1, call: call('SendMessage', { QueueUrl, MessageBody: body }) },
      { each: 10, call: call('SendMessageBatch', { QueueUrl, Entries }) },
    ]
    for (const send of sends) {
      for (const connections of clientCounts) {
        const before = await processorTime(platform)
        const result = await load(platform, send.call, { connections, seconds: secondsEach })
        if (result.non2xx > 0) throw new Error(`${result.non2xx} answers were not 200`)
        const { p50, p99 } = result.latency
        show(send.call.name, connections, result.requests.average * send.each, { p50, p99 })
        const spent = await processorTime(platform)
        const each = (name: 'server' | 'database'): string =>
          `${(((spent[name] - before[name]) * 1e6) / (result.requests.total * send.each)).toFixed(0)} us`
        row('  processor time a message', 'server', each('server'), 'database', each('database'))
      }
    }
    const { endpoint, credentials } = platform
    const sqs = new SQSClient({ endpoint, credentials, region: 'us-east-1' })
    for (const clients of clientCounts) {
      await measure('ReceiveMessage 10, delete (SDK)', { clients }, () => takeTen(sqs, QueueUrl))
    }
    sqs.destroy()
    await idlePolls(platform, call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 }))
  } finally {
    await platform.stop()
  }
}

/** Seconds of processor time so far. */
async function processorTime(platform: Platform): Promise<{ server: number; database: number }> {
  const file = await readFile(join(platform.dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')
  return {
    server: usageOf([platform.pid()]).cpuSeconds,
    database: usageOf(familyOf(Number(file.split('\n')[0]))).cpuSeconds,
  }
}

/** What a thousand clients that wait for a message cost while none comes, beside none that wait. */
async function idlePolls(platform: Platform, poll: Call): Promise<void> {
  const seconds = 8
  const share = async (name: string): Promise<void> => {
    const before = await processorTime(platform)
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    const after = await processorTime(platform)
    const part = (spent: number): string => `${((100 * spent) / seconds).toFixed(1)} %`
    const { server, database } = after
    row(name, 'server', part(server - before.server), 'database', part(database - before.database))
  }
  await share('of a core, nobody waiting')
  const headers = await signed(platform, poll)
  const agent = new http.Agent({ maxSockets: 1000 })
  const { hostname, port } = new URL(platform.endpoint)
  const waiting = Array.from({ length: 1000 }, () => {
    const request = http.request({ hostname, port, method: 'POST', agent, headers })
    request.on('error', () => undefined)
    request.end(poll.body)
    return request
  })
  await new Promise((resolve) => setTimeout(resolve, 3000))
  await share('of a core, 1,000 long polls')
  for (const request of waiting) request.destroy()
  agent.destroy()
}

async function peerFigures(): Promise<void> {
  for await (const peer of peerBrokers()) {
    try {
      row(peer.name, 'clients', 'rate', 'p50', 'p99')
      for (const [name, act] of [
        ['send', (client) => client.send(1)],
        ['send 10', (client) => client.send(10)],
        ['receive 10, delete', (client) => client.take()],
      ] as readonly (readonly [string, (client: PeerClient) => Promise<number>])[]) {
        for (const clients of clientCounts) {
          const all = await Promise.all(Array.from({ length: clients }, (_, n) => peer.connect(n)))
          await measure(name, { clients }, (client) => act(all[client]!))
          for (const client of all) client.close()
        }
      }
    } finally {
      await peer.stop()
    }
  }
}

async function takeTen(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const poll = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 })
  const { Messages = [] } = await sqs.send(poll)
  if (Messages.length === 0) return 0
  const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }))
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
  return Messages.length
}
