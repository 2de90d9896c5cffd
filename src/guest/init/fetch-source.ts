import { createWriteStream, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { signRequest } from '../../agent/sign-request.ts'
import { instanceMetadata, roleKeys, type RoleKeys } from '../instance-metadata.ts'
import { ToolFailure } from '../machine-context.ts'
import type { Authentication } from './authentication.ts'
import type { InitRun } from './init-run.ts'
import { platformUrl } from './platform-url.ts'

const triesMax = 4
const pauseMilliseconds = 1000
/** Until an answer begins; what comes after may be long. */
const answerMilliseconds = 15_000

/** Fetches an address to a new file and gives its path. Throws a `ToolFailure` naming the address and the answer. */
export async function fetchTo(
  run: InitRun,
  address: string,
  { suffix = '', authentication }: { suffix?: string; authentication?: string } = {},
): Promise<string> {
  const response = await fetched(run, address, authentication)
  const file = join(mkdtempSync(join(tmpdir(), 'cfn-init-')), `source${suffix}`)
  if (!response.body) throw new ToolFailure(`${address} is empty`)
  await pipeline(
    Readable.fromWeb(response.body as ReadableStream<Uint8Array>),
    createWriteStream(file, { mode: 0o600 }),
  )
  return file
}

async function fetched(run: InitRun, address: string, name: string | undefined): Promise<Response> {
  if (!URL.canParse(address)) throw new ToolFailure(`${address} is not a URL`)
  const { url, isS3 } = platformUrl(address, run.machine.endpoint)
  const authentication = run.authentications.of(address, name)
  for (let tries = 1; ; tries++) {
    const headers = await headersFor(run, new URL(url), authentication, isS3)
    const answer = await answerOf(url, headers)
    if (answer instanceof Response && answer.ok) return answer
    const status = answer instanceof Response ? answer.status : undefined
    const problem = answer instanceof Response ? `HTTP status ${answer.status}` : answer
    if ((status !== undefined && status < 500) || tries >= triesMax) {
      throw new ToolFailure(`failed to retrieve ${address}: ${problem}`)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMilliseconds))
  }
}

async function answerOf(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response | string> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), answerMilliseconds)
  try {
    return await fetch(url, { headers, signal: patience.signal })
  } catch (thrown) {
    return thrown instanceof Error && thrown.cause instanceof Error
      ? thrown.cause.message
      : String(thrown)
  } finally {
    clearTimeout(timer)
  }
}

async function headersFor(
  { machine }: InitRun,
  url: URL,
  authentication: Authentication | undefined,
  isS3: boolean,
): Promise<Readonly<Record<string, string>>> {
  if (!authentication) return {}
  if (authentication.type === 'basic') {
    const { username, password } = authentication
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` }
  }
  if (!isS3) throw new ToolFailure(`${url.href} is no address of S3, but its authentication is`)
  const keys = await keysOf(machine, authentication)
  const region = (await instanceMetadata(machine, 'meta-data/placement/region')) ?? 'us-east-1'
  const { sessionToken, ...credentials } = keys
  return signRequest(
    {
      method: 'GET',
      url,
      headers: sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken },
      body: '',
    },
    { region, service: 's3', credentials, now: Date.now() },
  )
}

async function keysOf(
  machine: InitRun['machine'],
  { roleName, accessKeyId, secretKey }: Authentication & { readonly type: 'S3' },
): Promise<RoleKeys> {
  if (accessKeyId !== undefined && secretKey !== undefined) {
    return { accessKeyId, secretAccessKey: secretKey }
  }
  const role = roleName ?? (await firstRole(machine))
  const keys = role === undefined ? undefined : await roleKeys(machine, role)
  if (!keys) throw new ToolFailure(`this instance has no role ${role ?? 'at all'}`)
  return keys
}

async function firstRole(machine: InitRun['machine']): Promise<string | undefined> {
  const names = await instanceMetadata(machine, 'meta-data/iam/security-credentials/')
  return names?.split('\n')[0]
}
