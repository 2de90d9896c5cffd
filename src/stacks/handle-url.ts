import type { Scope } from '../kernel/scope.ts'

/** What the address of a wait condition's handle says. */
export interface HandleAddress {
  readonly scope: Scope
  readonly token: string
  readonly secret: string
}

/** The bucket of AWS's handles, which are presigned addresses in S3: `/cloudformation-waitcondition-us-east-1/arn…?Signature=…`. */
export const handleBucket = 'cloudformation-waitcondition-'

/** `endpoint` is where machines reach this one: `http://169.254.169.254:4566`. */
export function handleUrl(
  endpoint: string,
  handle: {
    readonly stackId: string
    readonly logicalId: string
    readonly token: string
    readonly secret: string
  },
): string {
  const { stackId, logicalId, token, secret } = handle
  const region = stackId.split(':')[3] ?? ''
  const key = encodeURIComponent(`${stackId}/${logicalId}/${token}`)
  return `${endpoint}/${handleBucket}${region}/${key}?Signature=${secret}`
}

/** Reads the path and query of an address; undefined when it is no handle's. */
export function readHandlePath(path: string): HandleAddress | undefined {
  const [, region, key, secret] =
    /^\/cloudformation-waitcondition-([a-z0-9-]+)\/([^/?]+)\?Signature=([0-9a-f]+)$/.exec(path) ??
    []
  if (region === undefined || key === undefined || secret === undefined) return undefined
  const arn = decoded(key)
  const account = arn?.split(':')[4]
  const token = arn?.split('/').at(-1)
  if (account === undefined || !token) return undefined
  return { scope: { account, region }, token, secret }
}

/** The token in a handle's address; undefined when it is none. */
export function handleTokenOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { pathname, search } = new URL(url)
  return readHandlePath(pathname + search)?.token
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
