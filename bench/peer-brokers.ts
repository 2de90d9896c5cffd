import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { row } from './figures.ts'
import { connected, freePort } from './peer-sockets.ts'
import { rabbit } from './rabbit-broker.ts'
import { body } from './sqs-rounds.ts'

/** A queue of another maker, as one client sees it over a connection of its own. */
export interface PeerClient {
  /** Resolves when every message is acknowledged. */
  send(count: number): Promise<number>
  /** Takes up to ten messages and removes them. */
  take(): Promise<number>
  close(): void
}

export interface Peer {
  readonly name: string
  connect(client: number): Promise<PeerClient>
  stop(): Promise<void>
}

/** Starts those that are installed, one after another; each row says what its durability is. */
export async function* peerBrokers(): AsyncGenerator<Peer> {
  for (const [program, start] of [
    ['/usr/bin/redis-server', redis],
    ['/usr/sbin/nats-server', nats],
    ['/usr/lib/rabbitmq/bin/rabbitmq-server', rabbit],
  ] as const) {
    if (existsSync(program)) yield start(program)
    else row(`not installed: ${program}`)
  }
}

async function redis(program: string): Promise<Peer> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-bench-redis-'))
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']
  const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, ...durable]
  const server = spawn(program, words, { stdio: 'ignore' })
  const first = await lines(port)
  await first.ask(command('XGROUP', 'CREATE', 'jobs', 'workers', '0', 'MKSTREAM'), 1)
  first.close()
  return {
    name: 'Redis stream, fsync always',
    async connect(client) {
      const line = await lines(port)
      return {
        async send(count) {
          await line.ask(command('XADD', 'jobs', '*', 'b', body).repeat(count), count)
          return count
        },
        async take() {
          const read = ['XREADGROUP', 'GROUP', 'workers', `w${client}`, 'COUNT', '10']
          const answer = await line.ask(command(...read, 'STREAMS', 'jobs', '>'), 1)
          const ids = [...answer.matchAll(/\$\d+\r\n(\d+-\d+)\r\n/g)].map(([, id = '']) => id)
          if (ids.length === 0) return 0
          await line.ask(
            command('XACK', 'jobs', 'workers', ...ids) + command('XDEL', 'jobs', ...ids),
            2,
          )
          return ids.length
        },
        close: () => line.close(),
      }
    },
    stop: () => stopped(server, folder),
  }
}

function command(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

/** A connection of Redis's protocol: sends text and waits for so many whole replies. */
async function lines(
  port: number,
): Promise<{ ask(text: string, replies: number): Promise<string>; close(): void }> {
  const socket = await connected(port)
  let text = ''
  let waiting: { replies: number; resolve: (text: string) => void } | undefined
  socket.on('data', (piece: Buffer) => {
    text += piece.toString('latin1')
    let at = 0
    for (let n = 0; n < (waiting?.replies ?? 0); n++) {
      at = replyEnd(text, at)
      if (at < 0) return
    }
    const { resolve } = waiting ?? {}
    waiting = undefined
    const answer = text
    text = ''
    resolve?.(answer)
  })
  return {
    ask: (asked, replies) =>
      new Promise((resolve) => {
        waiting = { replies, resolve }
        socket.write(asked)
      }),
    close: () => socket.destroy(),
  }
}

/** Where the reply that begins at `at` ends; -1 while it is not whole. */
function replyEnd(text: string, at: number): number {
  const lineEnd = text.indexOf('\r\n', at)
  if (lineEnd < 0) return -1
  const size = Number(text.slice(at + 1, lineEnd))
  const kind = text[at]
  if (kind === '$') {
    const end = size < 0 ? lineEnd + 2 : lineEnd + 2 + size + 2
    return end <= text.length ? end : -1
  }
  let end = lineEnd + 2
  if (kind === '*') for (let n = 0; n < size && end >= 0; n++) end = replyEnd(text, end)
  return end
}

async function nats(program: string): Promise<Peer> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-bench-nats-'))
  const file = join(folder, 'nats.conf')
  await writeFile(file, `listen: 127.0.0.1:${port}\njetstream { store_dir: "${folder}" }\n`)
  const server = spawn(program, ['-c', file], { stdio: 'ignore' })
  const first = await natsLine(port, 'setup')
  const stream = { name: 'JOBS', subjects: ['jobs'], storage: 'file', retention: 'workqueue' }
  await first.ask('$JS.API.STREAM.CREATE.JOBS', JSON.stringify(stream))
  const consumer = {
    stream_name: 'JOBS',
    config: { durable_name: 'W', ack_policy: 'explicit', max_ack_pending: 100_000 },
  }
  await first.ask('$JS.API.CONSUMER.DURABLE.CREATE.JOBS.W', JSON.stringify(consumer))
  first.close()
  return {
    name: 'NATS JetStream, file, no fsync per message',
    async connect(client) {
      const line = await natsLine(port, `c${client}`)
      return {
        async send(count) {
          await Promise.all(Array.from({ length: count }, () => line.ask('jobs', body)))
          return count
        },
        take: () => line.take(),
        close: () => line.close(),
      }
    },
    stop: () => stopped(server, folder),
  }
}

interface NatsLine {
  /** Publishes and waits for the answer. */
  ask(subject: string, payload: string): Promise<void>
  take(): Promise<number>
  close(): void
}

async function natsLine(port: number, name: string): Promise<NatsLine> {
  const socket: Socket = await connected(port)
  const inbox = `_INBOX.${name}`
  const answers: (() => void)[] = []
  let taken: string[] = []
  let ended: (() => void) | undefined
  let text = ''
  const message = (head: string): void => {
    const [, subject = '', , reply = ''] = head.split(' ')
    if (subject === `${inbox}.a`) answers.shift()?.()
    else if (reply.startsWith('$JS.ACK')) {
      taken.push(reply)
      if (taken.length === 10) ended?.()
    } else ended?.()
  }
  socket.on('data', (piece: Buffer) => {
    text += piece.toString('latin1')
    for (;;) {
      const end = text.indexOf('\r\n')
      if (end < 0) return
      const head = text.slice(0, end)
      const isMessage = head.startsWith('MSG ') || head.startsWith('HMSG ')
      const size = isMessage ? Number(head.slice(head.lastIndexOf(' ') + 1)) + 2 : 0
      if (text.length < end + 2 + size) return
      text = text.slice(end + 2 + size)
      if (head === 'PING') socket.write('PONG\r\n')
      if (isMessage) message(head)
    }
  })
  socket.write(
    `CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\nSUB ${inbox}.> 1\r\n`,
  )
  const publish = (subject: string, reply: string, payload: string): void =>
    void socket.write(`PUB ${subject} ${reply} ${Buffer.byteLength(payload)}\r\n${payload}\r\n`)
  return {
    ask: (subject, payload) =>
      new Promise((resolve) => {
        answers.push(resolve)
        publish(subject, `${inbox}.a`, payload)
      }),
    async take() {
      taken = []
      await new Promise<void>((resolve) => {
        ended = resolve
        publish('$JS.API.CONSUMER.MSG.NEXT.JOBS.W', `${inbox}.m`, '{"batch":10,"no_wait":true}')
      })
      ended = undefined
      for (const reply of taken) publish(reply, '', '+ACK')
      return taken.length
    },
    close: () => socket.destroy(),
  }
}

async function stopped(server: ChildProcess, folder: string): Promise<void> {
  const gone = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await gone
  await rm(folder, { recursive: true, force: true })
}
