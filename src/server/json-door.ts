import { chmod, rm } from 'node:fs/promises'
import http from 'node:http'

/** One request to a door: JSON in, JSON out. */
export interface DoorRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly signal: AbortSignal
  body(): Promise<unknown>
  readonly raw: { request: http.IncomingMessage; response: http.ServerResponse }
}

/** A route answers a JSON value, `undefined` for 204, or `taken` when it wrote the response itself. */
export type DoorRoute = (request: DoorRequest) => Promise<unknown>
export const taken = Symbol('the route wrote the response')

/** More than this in one request to a door is not something that our processes say. */
const bodyBytesMax = 64 * 1024 * 1024

/** Opens an HTTP server on a Unix socket. `route` finds the route of a request; none answers 404. */
export async function openDoor(
  socketPath: string,
  route: (method: string, path: string) => DoorRoute | undefined,
): Promise<{ close(): Promise<void> }> {
  await rm(socketPath, { force: true })
  const server = http.createServer((request, response) => {
    void serve(request, response, route)
  })
  server.keepAliveTimeout = 65_000
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, resolve)
  })
  await chmod(socketPath, 0o600)
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  route: (method: string, path: string) => DoorRoute | undefined,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://door')
  const aborted = new AbortController()
  response.on('close', () => aborted.abort())
  try {
    const found = route(request.method ?? 'GET', url.pathname)
    if (!found)
      return reply(response, 404, { message: `no ${request.method} ${url.pathname} here` })
    const answer = await found({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      signal: aborted.signal,
      body: () => readJson(request),
      raw: { request, response },
    })
    if (answer === taken) return
    reply(response, answer === undefined ? 204 : 200, answer)
  } catch (thrown) {
    const failure = thrown as { message?: string; code?: unknown; name?: string }
    reply(response, 400, {
      message: failure.message ?? String(thrown),
      code: failure.code ?? failure.name,
    })
  }
}

function reply(response: http.ServerResponse, status: number, value: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy()
  if (value === undefined) return void response.writeHead(status).end()
  const text = JSON.stringify(value)
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    })
    .end(text)
}

async function readJson(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyBytesMax) throw new Error(`a body larger than ${bodyBytesMax} bytes`)
    chunks.push(chunk)
  }
  return size === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString('utf8'))
}
