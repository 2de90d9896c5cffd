import { readFile } from 'node:fs/promises'
import http from 'node:http'
import { join } from 'node:path'
import { startPlatform, type Platform } from '../test/harness/platform.ts'
import { load, signed, type Call } from './api-call.ts'
import { row } from './figures.ts'
import { familyOf, usageOf } from './process-usage.ts'
import { caller } from './signed-caller.ts'
import { body, clientCounts, closedLoops, head, measured, roundSeconds } from './sqs-rounds.ts'

const face = { target: 'AmazonSQS', service: 'sqs' }

/** The whole platform over HTTP: every signature is checked, and an answer comes after the commit. */
export async function platformFigures(): Promise<void> {
  const platform = await startPlatform()
  const { endpoint, credentials } = platform
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })
  try {
    const ask = caller({ endpoint, credentials }, face, agent)
    const { QueueUrl } = (await ask('CreateQueue', { QueueName: 'bench' })) as { QueueUrl: string }
    await sends(platform, QueueUrl)
    const spent = (): ReturnType<typeof processorTime> => processorTime(platform)
    for (const clients of clientCounts) {
      const run = (): ReturnType<typeof closedLoops> =>
        closedLoops(clients, async () => {
          const { Messages = [] } = (await ask('ReceiveMessage', {
            ...{ QueueUrl, MaxNumberOfMessages: 10 },
          })) as { Messages?: { ReceiptHandle: string }[] }
          const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }))
          if (Entries.length > 0) await ask('DeleteMessageBatch', { QueueUrl, Entries })
          return Entries.length
        })
      await measured('ReceiveMessage 10 + delete', clients, { run, spent })
    }
    const poll = call('ReceiveMessage', { QueueUrl: await empty(ask), WaitTimeSeconds: 20 })
    await idlePolls(platform, poll)
  } finally {
    agent.destroy()
    await platform.stop()
  }
}

async function empty(ask: ReturnType<typeof caller>): Promise<string> {
  const made = await ask('CreateQueue', { QueueName: 'empty' })
  return String(made['QueueUrl'])
}

function call(operation: string, input: object): Call {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `AmazonSQS.${operation}`,
  }
  return { name: operation, service: 'sqs', headers, body: JSON.stringify(input) }
}

async function sends(platform: Platform, QueueUrl: string): Promise<void> {
  const Entries = Array.from({ length: 10 }, (_, n) => ({ Id: `${n}`, MessageBody: body }))
  head('HTTP, messages of 256 bytes', 'server', 'database')
  for (const { each, send } of [
    { each: 1, send: call('SendMessage', { QueueUrl, MessageBody: body }) },
    { each: 10, send: call('SendMessageBatch', { QueueUrl, Entries }) },
  ]) {
    // What is slow is the first thousand: code that nobody ran before.
    await load(platform, send, { connections: 16, seconds: 2 })
    for (const connections of clientCounts) {
      const seconds = Math.max(1, Math.ceil(roundSeconds))
      await measured(send.name, connections, {
        spent: () => processorTime(platform),
        run: async () => {
          const done = await load(platform, send, { connections, seconds })
          if (done.non2xx > 0) throw new Error(`${done.non2xx} answers were not 200`)
          const count = done.requests.total * each
          const { p50, p99 } = done.latency
          return { count, rate: count / done.duration, p50, p99 }
        },
      })
    }
  }
}

/** Seconds of processor time so far; the database's with all its processes. */
async function processorTime(platform: Platform): Promise<{ server: number; database: number }> {
  const file = await readFile(join(platform.dataDirectory, 'postgres', 'postmaster.pid'), 'utf8')
  return {
    server: usageOf([platform.pid()]).cpuSeconds,
    database: usageOf(familyOf(Number(file.split('\n')[0]))).cpuSeconds,
  }
}

/** What a thousand clients that wait for a message cost while none comes, beside none that wait. */
async function idlePolls(platform: Platform, poll: Call): Promise<void> {
  const seconds = 6
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
