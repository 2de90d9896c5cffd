import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { InstanceMetadata } from '../protocol/edge.ts'
import type { NetworkMetadata } from './kept-metadata.ts'
import { readMetadata } from './metadata-tree.ts'
import type { RoleCredentialsCache } from './role-credentials.ts'
import type { SessionTokens } from './session-tokens.ts'

const ttlHeader = 'x-aws-ec2-metadata-token-ttl-seconds'
const tokenHeader = 'x-aws-ec2-metadata-token'
const ttlSecondsMax = 21_600
/** Word of a machine that was just launched is here within some milliseconds; a busy server may take longer. */
const wordMilliseconds = 3000
const credentialsPath = 'meta-data/iam/security-credentials'

interface Answer {
  readonly status: number
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

interface Asker {
  readonly key: string
  readonly onlyHost: string | undefined
}

/** The instance metadata service, versions 1 and 2, for all VPCs: who asks is known by network and address. */
export class MetadataService {
  private readonly server: Server
  private readonly tokens: SessionTokens
  private readonly credentials: RoleCredentialsCache
  private readonly askers = new WeakMap<Socket, Asker>()
  private instances: ReadonlyMap<string, InstanceMetadata> = new Map()
  /** Resolved when the instances change. */
  private news = Promise.withResolvers<void>()

  constructor(tokens: SessionTokens, credentials: RoleCredentialsCache) {
    this.tokens = tokens
    this.credentials = credentials
    this.server = createServer((request, response) => void this.serve(request, response))
  }

  apply(networks: readonly NetworkMetadata[]): void {
    this.instances = new Map(
      networks.flatMap(({ networkId, instances }) =>
        instances.map((instance) => [`${networkId} ${instance.address}`, instance]),
      ),
    )
    this.credentials.keepOnly(new Set([...this.instances.values()].map((one) => one.instanceId)))
    this.news.resolve()
    this.news = Promise.withResolvers()
  }

  /** Takes a connection that came from `address` inside a network; with `onlyHost` its requests must name that one and no other. */
  accept(socket: Socket, networkId: string, address: string, onlyHost?: string): void {
    this.askers.set(socket, { key: `${networkId} ${address}`, onlyHost })
    this.server.emit('connection', socket)
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume()
    const answer = await this.answerTo(request, this.askers.get(request.socket))
    response.writeHead(answer.status, {
      'Content-Type': 'text/plain',
      'Content-Length': Buffer.byteLength(answer.body),
      Server: 'EC2ws',
      ...answer.headers,
    })
    response.end(request.method === 'HEAD' ? undefined : answer.body)
  }

  private async answerTo(request: IncomingMessage, asker: Asker | undefined): Promise<Answer> {
    const instance = asker && (await this.instanceOf(asker))
    if (asker === undefined || instance === undefined) return refused(404)
    const isMeant = asker.onlyHost === undefined || request.headers.host === asker.onlyHost
    return isMeant ? this.answer(request, instance) : refused(403)
  }

  /** A machine may ask before word of it has come here: it is waited for a little. */
  private async instanceOf({ key }: Asker): Promise<InstanceMetadata | undefined> {
    const patience = AbortSignal.timeout(wordMilliseconds)
    const isOver = new Promise<void>((resolve) => {
      patience.addEventListener('abort', () => resolve(), { once: true })
    })
    while (!this.instances.has(key) && !patience.aborted) {
      await Promise.race([this.news.promise, isOver])
    }
    return this.instances.get(key)
  }

  private async answer(request: IncomingMessage, instance: InstanceMetadata): Promise<Answer> {
    const path = pathOf(request.url ?? '/')
    if (!instance.enabled) return refused(403)
    if (request.method === 'PUT') return this.issueToken(request, instance, path)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refused(405)
    const token = request.headers[tokenHeader]
    if (typeof token === 'string') {
      if (!this.tokens.isValid(token, instance.instanceId)) return refused(401)
    } else if (instance.tokens === 'required') return refused(401)
    if (path === undefined) return { status: 200, body: 'latest' }
    return this.read(instance, path)
  }

  private issueToken(
    request: IncomingMessage,
    instance: InstanceMetadata,
    path: string | undefined,
  ): Answer {
    if (path !== 'api/token') return refused(405)
    // A proxy that passes requests on for strangers must not hand out tokens.
    if (request.headers['x-forwarded-for'] !== undefined) return refused(403)
    const text = request.headers[ttlHeader]
    const seconds = typeof text === 'string' && /^[0-9]+$/.test(text) ? Number(text) : 0
    if (seconds < 1 || seconds > ttlSecondsMax) return refused(400)
    return {
      status: 200,
      body: this.tokens.issue(instance.instanceId, seconds),
      headers: { 'X-Aws-Ec2-Metadata-Token-Ttl-Seconds': String(seconds) },
    }
  }

  private async read(instance: InstanceMetadata, path: string): Promise<Answer> {
    const plain = path.replace(/\/+$/, '')
    if (plain === 'user-data') {
      return instance.userData === undefined
        ? refused(404)
        : { status: 200, body: Buffer.from(instance.userData, 'base64') }
    }
    if (instance.roleName !== undefined && plain === `${credentialsPath}/${instance.roleName}`) {
      const document = await this.credentials.document(instance.instanceId)
      return document === undefined ? refused(503) : { status: 200, body: document }
    }
    const text = readMetadata(leavesOf(instance), plain)
    return text === undefined ? refused(404) : { status: 200, body: text }
  }
}

/** Leaves that are only listed here; their content comes from elsewhere. */
function leavesOf(instance: InstanceMetadata): Readonly<Record<string, string>> {
  return {
    ...instance.leaves,
    ...(instance.roleName === undefined ? {} : { [`${credentialsPath}/${instance.roleName}`]: '' }),
    ...(instance.userData === undefined ? {} : { 'user-data': '' }),
  }
}

/** Without the version, which may be `latest` or a date; undefined for the list of versions. */
function pathOf(url: string): string | undefined {
  const [path = ''] = url.split('?')
  const match = /^\/+(latest|1\.0|[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\/+(.*))?$/.exec(path)
  if (match !== null) return match[2] ?? ''
  return path === '/' ? undefined : path.slice(1)
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  503: 'Service Unavailable',
}

function refused(status: number): Answer {
  const title = `${status} - ${titles[status] ?? ''}`
  const body = `<?xml version="1.0" encoding="iso-8859-1"?>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  return { status, body, headers: { 'Content-Type': 'text/html' } }
}
