import http from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { reasonOf } from '../kernel/errors.ts'
import { isCertificatePath } from './certificate-door.ts'
import { isOfForeignPage } from './foreign-page.ts'
import { responseBucket } from '../stacks/custom-requests.ts'
import { handleBucket } from '../stacks/handle-url.ts'

/** What the endpoint answers by itself, beside the wire. */
export interface EndpointDeps {
  /** Undefined until the store is migrated and the reconcilers run. */
  health(): object | undefined
  /** Removes everything and makes the default state again; absent with authentication on. */
  readonly reset: (() => Promise<void>) | undefined
  /** The platform's own metrics in Prometheus's text format. */
  metrics(): string | undefined
  readonly wire: () => WireListener | undefined
  /** Takes signals for wait conditions, at addresses that look like presigned ones of S3. */
  readonly waitConditions: () => WireListener | undefined
  /** Gives the certificate of signed messages. */
  readonly certificates: () => WireListener | undefined
  /** Connections came above the most that are kept, and were closed. */
  turnedAway(): void
}

export type WireListener = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => Promise<void>

export interface Endpoint {
  readonly port: number
  close(): Promise<void>
}

/** Hosts on which `/_evenkeel/*` answers; a site's name must not reach it. */
const ownHostNames = ['127.0.0.1', 'localhost', '[::1]']

/** AWS keeps idle connections for about a minute; the SDKs' pools expect so. */
const keepAliveMilliseconds = 65_000

/** Listens on 127.0.0.1 and ::1 with one port; `port` 0 takes any free one. */
export async function openEndpoint(port: number, deps: EndpointDeps): Promise<Endpoint> {
  const underWay = new Set<Promise<void>>()
  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    if (deps.reset && isOfForeignPage(request)) {
      request.resume()
      const message = 'without signatures, web pages of elsewhere are not served'
      return json(response, 403, { __type: 'AccessDeniedException', message })
    }
    if (request.url?.startsWith('/_evenkeel/') && isOwnHost(request)) {
      void answerOwn(request, response, deps)
      return
    }
    const wire = listenerOf(request, deps)
    if (wire) track(underWay, wire(request, response))
    else unavailable(response)
  }
  const first = serverOf(listener, deps)
  const taken = await listen(first, '127.0.0.1', port)
  const servers = [first]
  const second = serverOf(listener, deps)
  try {
    await listen(second, '::1', taken)
    servers.push(second)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EADDRINUSE') throw thrown
  }
  return {
    port: taken,
    close: async () => {
      await Promise.all(
        servers.map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve())
              server.closeAllConnections()
            }),
        ),
      )
      await Promise.race([Promise.all(underWay), delay(lastRequestsMilliseconds)])
    },
  }
}

/** Requests whose clients are gone may still be at the store; it is closed after them. */
const lastRequestsMilliseconds = 2000

function track(underWay: Set<Promise<void>>, work: Promise<void>): void {
  underWay.add(work)
  void work.finally(() => underWay.delete(work))
}

/** Under the 20,000 files that a process often may open: what comes above it is turned away at once, and the rest goes on. */
const connectionsMax = 16_000

function serverOf(listener: http.RequestListener, deps: EndpointDeps): http.Server {
  const server = http.createServer({ maxHeaderSize: 64 * 1024 }, listener)
  server.on('checkContinue', listener)
  server.keepAliveTimeout = keepAliveMilliseconds
  server.requestTimeout = 0
  server.maxConnections = connectionsMax
  server.on('drop', () => deps.turnedAway())
  return server
}

/** Connections that wait to be accepted: a fleet's agents come at once, and Node's 511 are few. The system bounds it by its own. */
const backlogMax = 16_384

function listen(server: http.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'EADDRINUSE') {
        thrown.message = `port ${port} on ${host} is taken; choose another with --port`
      }
      reject(thrown)
    })
    server.listen({ port, host, backlog: backlogMax }, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function listenerOf(request: http.IncomingMessage, deps: EndpointDeps): WireListener | undefined {
  if (isSignal(request)) return deps.waitConditions()
  const { method, url } = request
  return isCertificatePath(method, url) ? deps.certificates() : deps.wire()
}

function isSignal({ method, url }: http.IncomingMessage): boolean {
  const isAnswer = url?.startsWith(`/${handleBucket}`) || url?.startsWith(`/${responseBucket}`)
  return method === 'PUT' && isAnswer === true
}

function isOwnHost(request: http.IncomingMessage): boolean {
  const host = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
  return ownHostNames.includes(host)
}

async function answerOwn(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  deps: EndpointDeps,
): Promise<void> {
  request.resume()
  const path = request.url?.split('?')[0]
  if (request.method === 'GET' && path === '/_evenkeel/health') {
    const health = deps.health()
    if (health) return json(response, 200, health)
    return json(response, 503, { status: 'starting', pid: process.pid })
  }
  const metrics = path === '/_evenkeel/metrics' ? deps.metrics() : undefined
  if (request.method === 'GET' && metrics !== undefined) {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(metrics)
    return
  }
  if (request.method === 'POST' && path === '/_evenkeel/reset' && deps.reset && deps.health()) {
    try {
      await deps.reset()
      return json(response, 200, { status: 'reset' })
    } catch (thrown) {
      return json(response, 500, { message: reasonOf(thrown) })
    }
  }
  return json(response, 404, { message: `nothing at ${request.method} ${path}` })
}

function unavailable(response: http.ServerResponse): void {
  json(response, 503, {
    __type: 'ServiceUnavailable',
    message: 'the platform is starting; try again',
  })
}

function json(response: http.ServerResponse, status: number, value: object): void {
  const text = JSON.stringify(value)
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    })
    .end(text)
}
