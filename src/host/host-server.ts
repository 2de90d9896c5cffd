import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { DriverError, reasonOf } from '../kernel/errors.ts'
import type { Log } from '../kernel/ports.ts'
import {
  epochHeader,
  type AttachDiskRequest,
  type MakeDiskRequest,
  type ExecDownLine,
  type ExecUpLine,
  type FaultZoneRequest,
  type HostCall,
  type HostFailure,
  type ShutdownRequest,
} from '../protocol/host.ts'
import type { ConsoleOrder, MachineLimits, MachineSpec } from '../protocol/machine.ts'
import type { NetworkSpec } from '../protocol/network.ts'
import type { HostDriver } from '../drivers/machines/host-driver.ts'
import { linesOf } from '../drivers/machines/lines-of.ts'
import { writeTaken } from '../drivers/machines/write-taken.ts'
import type { Epochs } from './epochs.ts'

export interface HostServerOptions {
  readonly driver: HostDriver
  readonly epochs: Epochs
  readonly log: Log
  onShutdown(request: ShutdownRequest): Promise<void>
}

/** A network's specification of thousands of interfaces is some megabytes. */
const bodyBytesMax = 64 * 1024 * 1024

/** The host's HTTP server; the caller makes it listen on its socket. */
export function createHostServer(options: HostServerOptions): Server {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((thrown: unknown) => {
      options.log.write('error', 'a host command broke', {
        url: request.url,
        reason: reasonOf(thrown),
      })
      if (response.headersSent) response.destroy()
      else sendJson(response, 500, failureOf(thrown))
    })
  })
  // Who calls closes what rests: were it the other way round, a caller that was busy for some seconds would write into a connection that is gone.
  server.keepAliveTimeout = 0
  // The input of a program that runs inside a machine may go on for hours.
  server.requestTimeout = 0
  return server
}

async function answer(
  options: HostServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = request.url ?? ''
  if (!options.epochs.accept(Number(request.headers[epochHeader] ?? 0))) {
    const message = 'this command comes from a server whose lease has passed to another'
    return sendJson(response, 409, { message, retryable: false })
  }
  if (url === '/watch') return streamChanges(options, response)
  if (url === '/exec') return streamExec(options, request, response)
  if (url === '/shutdown') {
    await options.onShutdown((await readJson(request)) as ShutdownRequest)
    return sendJson(response, 200, {})
  }
  const name = url.startsWith('/call/') ? url.slice('/call/'.length) : ''
  const call = calls(options.driver)[name as HostCall]
  if (!call) return sendJson(response, 404, { message: `no host call ${url}`, retryable: false })
  try {
    sendJson(response, 200, { value: await call(await readJson(request)) })
  } catch (thrown) {
    sendJson(response, 500, failureOf(thrown))
  }
}

type Calls = Readonly<Record<HostCall, (argument: unknown) => Promise<unknown>>>

function calls({ compute, network, zones, disks, usage, consoles }: HostDriver): Calls {
  return {
    launch: (spec) => compute.launch(spec as MachineSpec),
    start: (argument) => {
      const { id, limits } = argument as { id: string; limits?: MachineLimits }
      return compute.start(id, limits)
    },
    terminate: (argument) => compute.terminate((argument as { id: string }).id),
    stop: (argument) => {
      const { id, graceMilliseconds } = argument as { id: string; graceMilliseconds: number }
      return compute.stop(id, graceMilliseconds)
    },
    inventory: () => compute.inventory(),
    console: async (argument) => {
      const { id, bytesMax } = argument as { id: string; bytesMax: number }
      return (await compute.console(id, bytesMax)).toString('base64')
    },
    'fault-zone': (argument) => {
      const { zone, fault } = argument as FaultZoneRequest
      return zones.faultZone(zone, fault)
    },
    usage: () => usage.usage(),
    consoles: (order) => consoles.consoles(order as ConsoleOrder),
    'make-disk': (argument) => {
      const { id, source } = argument as MakeDiskRequest
      return disks.makeDisk(id, source)
    },
    'remove-disk': (argument) => disks.removeDisk((argument as { id: string }).id),
    'attach-disk': (argument) => {
      const { machineId, mount } = argument as AttachDiskRequest
      return disks.attachDisk(machineId, mount)
    },
    'detach-disk': (argument) => {
      const { machineId, mount, isForced } = argument as AttachDiskRequest
      return disks.detachDisk(machineId, mount, isForced === true)
    },
    apply: (spec) => network.apply(spec as NetworkSpec),
    remove: (argument) => network.remove((argument as { id: string }).id),
    list: () => network.list(),
  }
}

/** First all that is, then what changes: whoever connects again has missed nothing. */
async function streamChanges(
  { driver }: HostServerOptions,
  response: ServerResponse,
): Promise<void> {
  const { compute } = driver
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const stop = compute.watch((status) => void response.write(`${JSON.stringify(status)}\n`))
  response.once('close', stop)
  const { machines } = await compute.inventory()
  response.write(machines.map((status) => `${JSON.stringify(status)}\n`).join('') || '\n')
}

async function streamExec(
  { driver }: HostServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const lines = linesOf(request)
  const first = await lines.next()
  const opening = JSON.parse(first.done ? '{}' : first.value) as ExecUpLine
  if (!('request' in opening))
    return sendJson(response, 400, { message: 'no request', retryable: false })
  const abort = new AbortController()
  response.once('close', () => abort.abort())
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const send = (line: ExecDownLine): Promise<void> | undefined =>
    writeTaken(response, `${JSON.stringify(line)}\n`)
  try {
    const result = await driver.compute.exec(opening.request, {
      ...(opening.hasInput ? { input: inputOf(lines) } : {}),
      output: (stream, chunk) => send({ stream, chunk: chunk.toString('base64') }),
      signal: abort.signal,
    })
    void send({ result })
  } catch (thrown) {
    void send({ failure: failureOf(thrown) })
  }
  response.end()
}

async function* inputOf(lines: AsyncIterator<string>): AsyncGenerator<Buffer> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const line = JSON.parse(next.value) as ExecUpLine
    if ('input' in line) yield Buffer.from(line.input, 'base64')
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytesMax) throw new DriverError('the command is too long', { retryable: false })
    chunks.push(chunk)
  }
  return bytes === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString())
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

function failureOf(thrown: unknown): HostFailure {
  const retryable = thrown instanceof DriverError ? thrown.retryable : true
  return { message: reasonOf(thrown), retryable }
}
