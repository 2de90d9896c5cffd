import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { signRequest } from '../agent/sign-request.ts'
import { instanceMetadata, roleKeys, type RoleKeys } from './instance-metadata.ts'
import { ToolFailure, type MachineContext } from './machine-context.ts'
import type { ToolOptions } from './tool-options.ts'

/** One resource of a stack, as the tools see it. */
export interface StackResource {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly physicalId: string
  /** Seconds since the epoch. */
  readonly updatedAt: number
}

export interface StackClient {
  describe(stack: string, resource: string): Promise<StackResource>
  signal(
    at: { readonly stack: string; readonly resource: string },
    signal: { readonly uniqueId: string; readonly isSuccess: boolean },
  ): Promise<void>
}

const apiVersion = '2010-05-15'
const answerMilliseconds = 30_000
/** As AWS's tools: five tries with pauses that double; while the service is unavailable, more of them. */
const triesMax = 5
const triesWhileUnavailableMax = 120
const pauseFirstMilliseconds = 500
const pauseMaxMilliseconds = 5000

/** Speaks to CloudFormation with the credentials that the options name, else as the instance itself. */
export function stackClient(machine: MachineContext, options: ToolOptions): StackClient {
  const call = (parameters: Readonly<Record<string, string>>): Promise<unknown> =>
    persistently(machine, () => attempt(machine, options, parameters))
  return {
    async describe(stack, resource) {
      const answer = await call({
        Action: 'DescribeStackResource',
        StackName: stack,
        LogicalResourceId: resource,
      })
      return resourceOf(answer)
    },
    async signal({ stack, resource }, { uniqueId, isSuccess }) {
      await call({
        Action: 'SignalResource',
        StackName: stack,
        LogicalResourceId: resource,
        UniqueId: uniqueId,
        Status: isSuccess ? 'SUCCESS' : 'FAILURE',
      })
    },
  }
}

/** The service may answer later. */
class Passing extends Error {
  override readonly name = 'Passing'
  readonly isUnavailable: boolean

  constructor(message: string, isUnavailable: boolean) {
    super(message)
    this.isUnavailable = isUnavailable
  }
}

async function persistently<T>(machine: MachineContext, call: () => Promise<T>): Promise<T> {
  let pause = pauseFirstMilliseconds
  for (let tries = 1; ; tries++) {
    try {
      return await call()
    } catch (thrown) {
      if (!(thrown instanceof Passing)) throw thrown
      const triesAllowed = thrown.isUnavailable ? triesWhileUnavailableMax : triesMax
      if (tries >= triesAllowed) throw new ToolFailure(thrown.message)
      machine.log(`trying again: ${thrown.message}`)
      await delay(pause)
      pause = Math.min(pause * 2, pauseMaxMilliseconds)
    }
  }
}

async function attempt(
  machine: MachineContext,
  options: ToolOptions,
  parameters: Readonly<Record<string, string>>,
): Promise<unknown> {
  const asked = { ...parameters, Version: apiVersion, ContentType: 'JSON' }
  const url = new URL(`${machine.endpoint}/?${new URLSearchParams(asked).toString()}`)
  const headers = await authorized(machine, options, url)
  let response: Response
  try {
    response = await fetch(url, { headers, signal: AbortSignal.timeout(answerMilliseconds) })
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
    throw new Passing(`${url.origin} does not answer (${String(cause)})`, true)
  }
  const text = await response.text()
  if (response.ok) return JSON.parse(text)
  const { status } = response
  const message = errorOf(text) ?? `${url.origin} answered ${status}`
  const isPassing =
    status >= 500 || status === 404 || status === 408 || message.startsWith('Throttling')
  throw isPassing ? new Passing(message, status === 503) : new ToolFailure(message)
}

function errorOf(text: string): string | undefined {
  try {
    const { Error: error } = JSON.parse(text) as { Error?: { Code?: string; Message?: string } }
    return error && `${error.Code}: ${error.Message}`
  } catch {
    return undefined
  }
}

async function authorized(
  machine: MachineContext,
  options: ToolOptions,
  url: URL,
): Promise<Readonly<Record<string, string>>> {
  const headers = { accept: 'application/json', 'user-agent': 'CloudFormation Tools' }
  const keys = await keysOf(machine, options)
  if (keys) {
    const { sessionToken, ...credentials } = keys
    const region = options.value('region') ?? (await ownRegion(machine)) ?? 'us-east-1'
    const signed = sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }
    return signRequest(
      { method: 'GET', url, headers: { ...headers, ...signed }, body: '' },
      { region, service: 'cloudformation', credentials, now: Date.now() },
    )
  }
  const document = await instanceMetadata(machine, 'dynamic/instance-identity/document')
  const signature = await instanceMetadata(machine, 'dynamic/instance-identity/signature')
  if (document === undefined || signature === undefined) {
    throw new Passing('instance metadata does not answer, and no credentials were given', true)
  }
  const encoded = Buffer.from(document).toString('base64')
  return { ...headers, authorization: `CFN_V1 ${encoded}:${signature.replaceAll('\n', '')}` }
}

function ownRegion(machine: MachineContext): Promise<string | undefined> {
  return instanceMetadata(machine, 'meta-data/placement/region')
}

async function keysOf(
  machine: MachineContext,
  options: ToolOptions,
): Promise<RoleKeys | undefined> {
  const file = options.value('credential-file')
  if (file !== undefined) return fileKeys(machine.path(file))
  const role = options.value('role')
  if (role !== undefined) {
    const keys = await roleKeys(machine, role)
    if (!keys) throw new ToolFailure(`this instance has no role ${role}`)
    return keys
  }
  const accessKeyId = options.value('access-key')
  const secretAccessKey = options.value('secret-key')
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  return { accessKeyId, secretAccessKey }
}

/** `AWSAccessKeyId=…` and `AWSSecretKey=…`, a line each. */
function fileKeys(path: string): RoleKeys {
  const text = readFileSync(path, 'utf8')
  const valueOf = (name: string): string =>
    new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)`, 'm').exec(text)?.[1] ?? ''
  const accessKeyId = valueOf('AWSAccessKeyId')
  const secretAccessKey = valueOf('AWSSecretKey')
  if (accessKeyId === '' || secretAccessKey === '') {
    throw new ToolFailure(`${path} needs the lines AWSAccessKeyId=… and AWSSecretKey=…`)
  }
  return { accessKeyId, secretAccessKey }
}

function resourceOf(answer: unknown): StackResource {
  const { DescribeStackResourceResponse: response } = answer as {
    DescribeStackResourceResponse: {
      DescribeStackResourceResult: { StackResourceDetail: Record<string, unknown> }
    }
  }
  const detail = response.DescribeStackResourceResult.StackResourceDetail
  const { Metadata, PhysicalResourceId, LastUpdatedTimestamp } = detail
  return {
    metadata: typeof Metadata === 'string' ? (JSON.parse(Metadata) as Record<string, unknown>) : {},
    physicalId: typeof PhysicalResourceId === 'string' ? PhysicalResourceId : '',
    updatedAt: Number(LastUpdatedTimestamp),
  }
}
