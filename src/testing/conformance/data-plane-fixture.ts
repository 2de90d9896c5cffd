import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { DataPlane } from '../../balance/data-plane.ts'
import { resetSocket } from '../../drivers/node-proxy/reset-socket.ts'
import type {
  GatewayConfiguration,
  HealthCheckSpec,
  HttpBehaviour,
  ListenerRule,
  TargetGroupSpec,
  TargetRouting,
  TargetSpec,
  TlsSpec,
} from '../../protocol/gateway.ts'

/** Long enough that no regular check falls into a test; eager probes come at once. */
const check: HealthCheckSpec = {
  enabled: true,
  protocol: 'tcp',
  port: 'traffic-port',
  path: '/',
  intervalSeconds: 300,
  timeoutSeconds: 2,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  matcher: '200',
}

/** A target that answers as its script says and keeps every byte that it was sent. */
export interface Backend {
  readonly port: number
  received: string
  readonly sockets: Set<Socket>
  close(): Promise<void>
}

/** Called at each piece of a connection's input; `text` is all of that connection's input so far. */
export type BackendScript = (socket: Socket, text: string, backend: Backend) => void

export async function startBackend(script: BackendScript, port = 0): Promise<Backend> {
  const server = createServer({ allowHalfOpen: true })
  const backend: Backend = {
    port: await listenOn(server, port),
    received: '',
    sockets: new Set(),
    close: () => {
      for (const socket of backend.sockets) resetSocket(socket)
      return closed(server)
    },
  }
  server.on('connection', (socket) => {
    let text = ''
    backend.sockets.add(socket)
    socket.on('close', () => backend.sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.end())
    socket.on('data', (bytes: Buffer) => {
      backend.received += bytes.toString('latin1')
      text += bytes.toString('latin1')
      script(socket, text, backend)
    })
  })
  return backend
}

/** Answers each request without a body `200` with a body of its own text. */
export function answering(body: string): BackendScript {
  return (socket, text) => {
    if (!text.endsWith('\r\n\r\n')) return
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  const port = await listenOn(server, 0)
  await closed(server)
  return port
}

async function listenOn(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return address.port
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}

export interface PlaneOptions {
  readonly port: number
  readonly backends: readonly { readonly port: number; readonly state?: TargetSpec['state'] }[]
  readonly rules?: readonly ListenerRule[]
  readonly generation?: number
  readonly check?: Partial<HealthCheckSpec>
  readonly allowedCidrs?: readonly string[]
  readonly idleTimeoutSeconds?: number
  readonly http?: HttpBehaviour
  readonly routing?: TargetRouting
  /** Of the group, in the case of `tcp`. */
  readonly connections?: Pick<TargetGroupSpec, 'isSourceSticky' | 'endsConnections'>
  readonly tls?: TlsSpec
  /** With `tls`: TLS in the case of `tcp`, else HTTPS. */
  readonly protocol?: 'http' | 'tcp'
  /** Of the targets. */
  readonly isSecured?: boolean
  readonly speaksHttp2?: boolean
  /** Of the targets. */
  readonly version?: 'http2' | 'grpc'
}

export const forwardToGroup: ListenerRule = {
  id: 'default',
  conditions: [],
  action: { type: 'forward', targetGroups: [{ targetGroupId: 'group', weight: 1 }] },
}

export function configurationOf(options: PlaneOptions): GatewayConfiguration {
  return {
    generation: options.generation ?? 1,
    gatewayId: 'gw-test',
    zone: 'zone-a',
    listeners: [
      {
        id: 'listener',
        balancerId: 'balancer',
        address: '127.0.0.1',
        port: options.port,
        ...(options.tls === undefined
          ? { protocol: options.protocol ?? 'http' }
          : { protocol: options.protocol === 'tcp' ? 'tls' : 'https', tls: options.tls }),
        ...(options.speaksHttp2 === true ? { speaksHttp2: true as const } : {}),
        allowedCidrs: options.allowedCidrs ?? ['127.0.0.0/8'],
        rules: options.rules ?? [forwardToGroup],
        idleTimeoutSeconds: options.idleTimeoutSeconds ?? 60,
        ...(options.http === undefined ? {} : { http: options.http }),
      },
    ],
    targetGroups: [
      {
        id: 'group',
        ...(options.version === undefined ? {} : { version: options.version }),
        ...(options.isSecured === true ? { isSecured: true as const } : {}),
        healthCheck: { ...check, ...options.check },
        ...options.connections,
        ...(options.routing === undefined ? {} : { routing: options.routing }),
        targets: options.backends.map((backend) => ({
          id: `t-${backend.port}`,
          address: '127.0.0.1',
          port: backend.port,
          state: backend.state ?? 'active',
        })),
      },
    ],
  }
}

/** Resolves when the condition holds; checks it whenever other work has run. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

export async function untilHealthy(plane: DataPlane, count: number): Promise<void> {
  await until(`${count} targets are healthy`, () => {
    const report = plane.report()
    const healthy = report.targets.filter((target) => target.state === 'healthy')
    return report.listening.length > 0 && healthy.length >= count
  })
}

/** Sends bytes and gives everything that came back until the far end closed, or `isEnough` says so. */
export function exchangeBytes(
  port: number,
  bytes: string,
  isEnough: (text: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let text = ''
    const timer = setTimeout(() => {
      socket.destroy()
      reject(new Error(`no end after: ${text.slice(0, 500)}`))
    }, 8000)
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (isEnough(text)) socket.destroy()
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(text)
    })
    socket.write(bytes, 'latin1')
  })
}

export function statusesOf(text: string): readonly number[] {
  return [...text.matchAll(/(?:^|\n|[^\r\n])HTTP\/1\.1 ([0-9]{3})/g)].map((match) =>
    Number(match[1]),
  )
}

/** One request whose answer closes the connection. */
export function ask(port: number, line = 'GET / HTTP/1.1', more = ''): Promise<string> {
  return exchangeBytes(port, `${line}\r\nHost: site\r\nConnection: close\r\n${more}\r\n`)
}
