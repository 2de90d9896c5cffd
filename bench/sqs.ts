import { ReceiveMessageCommand, DeleteMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs'
import { openPostgresMessages, openPostgresStore } from '../src/drivers/postgres/index.ts'
import { silentLog } from '../src/kernel/ports.ts'
import { systemClock } from '../src/kernel/system/clock.ts'
import { systemRandom } from '../src/kernel/system/random.ts'
import { createQueues, type Queues } from '../src/queue/create-queues.ts'
import { receiptOf } from '../src/queue/domain/receipt.ts'
import type { Queue } from '../src/queue/queue.ts'
import { temporaryPostgres } from '../src/testing/embedded-postgres.ts'
import { startPlatform } from '../test/harness/platform.ts'
import { load, signed, type Call } from './api-call.ts'
import { quantile, row } from './figures.ts'

/**
 * Messages a second, durable: fsync is on, and an answer comes after the commit. First the engine on its store, then the whole platform
 * over HTTP with signatures checked. Clients, server and PostgreSQL share the machine.
 */
const secondsEach = 3
const clientCounts = [1, 16, 64]
const body = 'x'.repeat(256)
const scope = { account: '000000000000', region: 'us-east-1' }
/** Backlogs at which receiving is measured. `EVENKEEL_BENCH_BACKLOG=10000000` goes to the end of the curve. */
const backlogMax = Number(process.env['EVENKEEL_BENCH_BACKLOG'] ?? 1_000_000)

const { signal } = new AbortController()

await engineFigures()
await platformFigures()

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
    const queue = await make('queue')
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
    await backlogCurve(queues, await make('backlog'))
  } finally {
    queues.close()
    await messages.close()
    await store.close()
    await temporary.remove()
  }
}

/** Receiving from a queue of more and more messages. */
async function backlogCurve(queues: Queues, queue: Queue): Promise<void> {
  let count = 0
  for (let backlog = 10_000; backlog <= backlogMax; backlog *= 10) {
    for (; count < backlog; count += 500) await sendSome(queues, queue, 500)
    const name = `of ${backlog} receive 10, delete`
    await measure(name, { clients: 4 }, () => takeSome(queues, queue, 10))
  }
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

/** Closed loops of `clients`; `act` says how many messages it was. */
async function measure(
  name: string,
  { clients }: { clients: number },
  act: () => Promise<number>,
): Promise<void> {
  const latencies: number[] = []
  let count = 0
  const began = performance.now()
  const end = began + secondsEach * 1000
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < end) {
        const at = performance.now()
        const done = await act()
        count += done
        latencies.push(performance.now() - at)
      }
    }),
  )
  const rate = (count * 1000) / (performance.now() - began)
  show(name, clients, rate, { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) })
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
        const result = await load(platform, send.call, { connections, seconds: secondsEach })
        if (result.non2xx > 0) throw new Error(`${result.non2xx} answers were not 200`)
        const { p50, p99 } = result.latency
        show(send.call.name, connections, result.requests.average * send.each, { p50, p99 })
      }
    }
    const { endpoint, credentials } = platform
    const sqs = new SQSClient({ endpoint, credentials, region: 'us-east-1' })
    for (const clients of clientCounts) {
      await measure('ReceiveMessage 10, delete (SDK)', { clients }, () => takeTen(sqs, QueueUrl))
    }
    sqs.destroy()
  } finally {
    await platform.stop()
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
