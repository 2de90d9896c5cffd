import { isAbsolute } from 'node:path'
import type { Readable } from 'node:stream'
import type { ComputeDriver } from '../compute/driver.ts'
import type { DiskCatalogue } from '../compute/disk-catalogue.ts'
import { rootDevice } from '../compute/domain/instance-metadata.ts'
import type { Zones } from '../compute/zones.ts'
import { writeTaken } from '../drivers/machines/write-taken.ts'
import { zonesOf } from '../kernel/scope.ts'
import type { FaultZoneRequest } from '../protocol/host.ts'
import { globalArnOf } from '../kernel/arn.ts'
import type { Random } from '../kernel/random.ts'
import { uuid } from '../kernel/random.ts'
import { firstRefused } from '../wire/accept.ts'
import type { Request, Service } from '../wire/service.ts'
import { interruptionRoute, type InterruptionDeps } from './interruption-route.ts'
import { taken, type DoorRequest, type DoorRoute } from './json-door.ts'

/** What the person's own commands may ask of a running platform. */
export interface AdminDeps {
  readonly services: readonly Service[]
  readonly driver: ComputeDriver
  readonly zones: Zones
  readonly instances: InterruptionDeps['instances']
  readonly spot: InterruptionDeps['spot']
  readonly images: Pick<DiskCatalogue, 'createImage'>
  readonly random: Random
  readonly account: string
  readonly region: string
  readonly host: string
  status(): Promise<object>
  deploymentPlan(at: {
    application: string
    group: string
    config: string | undefined
  }): Promise<object>
  deploymentLog(at: {
    deploymentId: string
    targetId: string
    event: string
  }): Promise<string | undefined>
}

/** The newest bytes of a console that `evenkeel logs` shows. */
const consoleBytesMax = 256 * 1024

export function adminRoutes(
  deps: AdminDeps,
): (method: string, path: string) => DoorRoute | undefined {
  return (method, path) => {
    const call = /^\/call\/([a-z0-9-]+)\/([A-Za-z0-9]+)$/.exec(path)
    if (call && method !== 'GET') {
      return (request) =>
        callOperation(deps, { service: call[1] ?? '', operation: call[2] ?? '' }, request)
    }
    if (method === 'GET' && path === '/status') return () => deps.status()
    if (method === 'GET' && path === '/console') {
      return async (request) => {
        const bytes = await deps.driver.console(request.query.get('machine') ?? '', consoleBytesMax)
        return { text: bytes.toString('utf8') }
      }
    }
    if (method === 'GET' && path === '/deployment-plan') {
      return ({ query }) =>
        deps.deploymentPlan({
          application: query.get('application') ?? '',
          group: query.get('group') ?? '',
          config: query.get('config') ?? undefined,
        })
    }
    if (method === 'GET' && path === '/deployment-log') {
      return async ({ query }) => ({
        text: await deps.deploymentLog({
          deploymentId: query.get('deploymentId') ?? '',
          targetId: query.get('targetId') ?? '',
          event: query.get('event') ?? '',
        }),
      })
    }
    if (path === '/zones') return zoneRoute(deps, method)
    if (method === 'POST' && path === '/interruptions') return interruptionRoute(deps)
    if (method === 'POST' && path === '/images') return (request) => importImage(deps, request)
    if (method === 'POST' && path === '/exec') return (request) => execute(deps, request)
    return undefined
  }
}

/** `POST /images {path, name, description?, architecture?, region?}`: an image out of an archive or a folder of the host machine. */
async function importImage(deps: AdminDeps, request: DoorRequest): Promise<object> {
  const given = (await request.body()) as Readonly<Record<string, string | undefined>>
  const { path = '', name = '', description = '', architecture = 'x86_64', region } = given
  if (!isAbsolute(path)) throw new Error(`${path} is no absolute path`)
  // EC2's own rule for names of images.
  if (!/^[\w()[\] ./'@-]{3,128}$/.test(name)) {
    throw new Error(`'${name}' is no name of an image: 3 to 128 of letters, digits and ()[] ./'@_-`)
  }
  if (architecture !== 'x86_64' && architecture !== 'arm64') {
    throw new Error(`an architecture is x86_64 or arm64, not ${architecture}`)
  }
  const scope = { account: deps.account, region: region ?? deps.region }
  const image = await deps.images.createImage(scope, {
    ...{ name, description, architecture, rootDeviceName: rootDevice, tags: [] },
    source: { archive: path },
  })
  return { imageId: image.imageId }
}

/** `GET /zones` tells which are broken; `POST /zones {zone, fault?}` breaks one, and mends it without a fault. */
function zoneRoute({ zones, region }: AdminDeps, method: string): DoorRoute {
  return async (request) => {
    if (method === 'POST') {
      const { zone, fault } = (await request.body()) as FaultZoneRequest
      // Any region's zones have machines of this host.
      if (!/^[a-z0-9-]+[a-c]$/.test(zone)) throw new Error(`${zone} is no zone, like ${region}a`)
      if (fault !== undefined && !['killed', 'cut', 'paused'].includes(fault)) {
        throw new Error(`a zone cannot be ${String(fault)}`)
      }
      await zones.set(zone, fault)
    }
    return { zones: zonesOf(region), faults: Object.fromEntries(zones.faults()) }
  }
}

/** Runs an operation as the account's root, as if a signed request had arrived. */
export async function callAsRoot<T>(
  deps: AdminDeps,
  at: { service: string; operation: string },
  members: object,
  around: { region?: string; signal?: AbortSignal; body?: Readable } = {},
): Promise<T> {
  const service = deps.services.find((candidate) => candidate.id === at.service)
  const operation = service?.operations.get(at.operation)
  if (!service || !operation) throw new Error(`no operation ${at.service}.${at.operation} here`)
  const refused = firstRefused(members, operation.accepts)
  if (refused) throw service.refuseMember(refused, at.operation)
  const input = around.body ? { ...members, Body: around.body } : members
  const scope = { account: deps.account, region: around.region ?? deps.region }
  const signal = around.signal ?? new AbortController().signal
  return (await operation.handle(input as never, requestOf(deps, { ...at, scope, signal }))) as T
}

async function callOperation(
  deps: AdminDeps,
  at: { service: string; operation: string },
  request: DoorRequest,
): Promise<object> {
  const region = request.query.get('region')
  const around = { signal: request.signal, ...(region === null ? {} : { region }) }
  if (request.method !== 'PUT') {
    return callAsRoot(deps, at, (await request.body()) as object, around)
  }
  const members = Object.fromEntries([...request.query].filter(([name]) => name !== 'region'))
  return callAsRoot(deps, at, members, { ...around, body: request.raw.request })
}

function requestOf(
  deps: AdminDeps,
  call: { service: string; operation: string; scope: Request['scope']; signal: AbortSignal },
): Request {
  return {
    ...call,
    id: uuid(deps.random),
    principal: {
      arn: globalArnOf('iam', call.scope, 'root'),
      account: deps.account,
      userId: deps.account,
      accessKeyId: undefined,
    },
    protocol: 'awsJson1_1',
    headers: {},
    host: deps.host,
    clientAddress: '127.0.0.1',
    setStatus() {},
    setHeader() {},
  }
}

/** Streams a command's output as JSON lines, then its exit code. */
async function execute(deps: AdminDeps, request: DoorRequest): Promise<typeof taken> {
  const { response } = request.raw
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  const line = (value: object): Promise<void> | undefined =>
    writeTaken(response, `${JSON.stringify(value)}\n`)
  try {
    const user = request.query.get('user')
    const result = await deps.driver.exec(
      {
        machineId: request.query.get('machine') ?? '',
        command: JSON.parse(request.query.get('command') ?? '[]') as string[],
        ...(user ? { user } : {}),
      },
      {
        input: request.raw.request as AsyncIterable<Buffer>,
        output: (stream, chunk) => line({ stream, bytes: chunk.toString('base64') }),
        signal: request.signal,
      },
    )
    void line({ exitCode: result.exitCode ?? null, signal: result.signal ?? null })
  } catch (thrown) {
    void line({ error: thrown instanceof Error ? thrown.message : String(thrown) })
  }
  response.end()
  return taken
}
