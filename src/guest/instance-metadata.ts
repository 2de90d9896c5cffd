import { setTimeout as delay } from 'node:timers/promises'
import type { MachineContext } from './machine-context.ts'

/** Everything that is asked of metadata is asked under one session. */
const tokenSeconds = '21600'
const answerMilliseconds = 5000
const pauseMilliseconds = 200

/** A path's text (`meta-data/instance-id`), or undefined when there is none. Version 2, else version 1. */
export async function instanceMetadata(
  machine: MachineContext,
  path: string,
): Promise<string | undefined> {
  const headers = await session(machine)
  const response = await asked(machine, `latest/${path}`, { headers })
  return response?.ok === true ? response.text() : undefined
}

async function session(machine: MachineContext): Promise<Record<string, string>> {
  const response = await asked(machine, 'latest/api/token', {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': tokenSeconds },
  })
  return response?.ok === true ? { 'x-aws-ec2-metadata-token': await response.text() } : {}
}

async function asked(
  { metadataEndpoint }: MachineContext,
  path: string,
  request: RequestInit,
): Promise<Response | undefined> {
  // Who keeps the metadata may be starting anew: a moment later it answers. Where nobody is, one silence is enough.
  const end = performance.now() + answerMilliseconds
  for (;;) {
    const response = await attempt(`${metadataEndpoint}/${path}`, request)
    const isFinal = response !== undefined && response.status < 500
    if (isFinal || performance.now() >= end) return response
    await delay(pauseMilliseconds)
  }
}

async function attempt(url: string, request: RequestInit): Promise<Response | undefined> {
  try {
    return await fetch(url, { ...request, signal: AbortSignal.timeout(answerMilliseconds) })
  } catch {
    return undefined
  }
}

export interface RoleKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** The keys of the instance's role; undefined when it has no such role. */
export async function roleKeys(
  machine: MachineContext,
  role: string,
): Promise<RoleKeys | undefined> {
  const text = await instanceMetadata(machine, `meta-data/iam/security-credentials/${role}`)
  if (text === undefined) return undefined
  const { AccessKeyId, SecretAccessKey, Token } = JSON.parse(text) as Record<string, string>
  return {
    accessKeyId: AccessKeyId ?? '',
    secretAccessKey: SecretAccessKey ?? '',
    ...(Token === undefined ? {} : { sessionToken: Token }),
  }
}
