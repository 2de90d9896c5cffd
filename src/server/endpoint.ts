import http from 'node:http'

/** What the endpoint answers by itself, beside the wire. */
export interface EndpointDeps {
  /** Undefined until the store is migrated and the reconcilers run. */
  health(): object | undefined
  readonly wire: () =>
    | ((request: http.IncomingMessage, response: http.ServerResponse) => void)
    | undefined
}

type WireListener = (request: http.IncomingMessage, response: http.ServerResponse) => Promise<void>

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
  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    if (request.url?.startsWith('/_evenkeel/') && isOwnHost(request)) {
      answerOwn(request, response, deps)
      return
    }
    const wire = deps.wire()
    if (wire) void wire(request, response)
    else unavailable(response)
  }
  const first = serverOf(listener)
  const taken = await listen(first, '127.0.0.1', port)
  const servers = [first]
  const second = serverOf(listener)
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
    },
  }
}

function serverOf(listener: http.RequestListener): http.Server {
  const server = http.createServer({ maxHeaderSize: 64 * 1024 }, listener)
  server.on('checkContinue', listener)
  server.keepAliveTimeout = keepAliveMilliseconds
  server.requestTimeout = 0
  return server
}

function listen(server: http.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (thrown: NodeJS.ErrnoException) => {
      if (thrown.code === 'EADDRINUSE') {
        thrown.message = `port ${port} on ${host} is taken; choose another with --port`
      }
      reject(thrown)
    })
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function isOwnHost(request: http.IncomingMessage): boolean {
  const host = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '')
  return ownHostNames.includes(host)
}

function answerOwn(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  deps: EndpointDeps,
): void {
  request.resume()
  const path = request.url?.split('?')[0]
  if (request.method === 'GET' && path === '/_evenkeel/health') {
    const health = deps.health()
    if (health) return json(response, 200, health)
    return json(response, 503, { status: 'starting', pid: process.pid })
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
