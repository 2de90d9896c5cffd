import { ToolFailure } from '../machine-context.ts'
import { isTrue, listOf, sectionOf } from './config-sets.ts'

/** One entry of AWS::CloudFormation::Authentication. */
export type Authentication =
  | {
      readonly type: 'S3'
      readonly roleName?: string
      readonly accessKeyId?: string
      readonly secretKey?: string
    }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }

export interface Authentications {
  /** The one of that name, else the one whose buckets or addresses the URL is among. Throws for a name that does not exist. */
  of(url: string, name?: string): Authentication | undefined
}

interface Entry {
  readonly authentication: Authentication
  readonly buckets: readonly string[]
  readonly uris: readonly string[]
}

/** Throws a `ToolFailure` for a type that is not known. */
export function readAuthentications(value: unknown): Authentications {
  const entries = new Map<string, Entry>()
  for (const [name, given] of Object.entries(
    sectionOf(value, 'AWS::CloudFormation::Authentication'),
  )) {
    entries.set(name, entryOf(name, sectionOf(given, name)))
  }
  return {
    of(url, name) {
      if (name !== undefined) {
        const named = entries.get(name)
        if (!named) throw new ToolFailure(`there is no authentication ${name}`)
        return named.authentication
      }
      const found = [...entries.values()].find(
        ({ buckets, uris }) =>
          uris.some((uri) => url.startsWith(uri)) || buckets.some((bucket) => names(url, bucket)),
      )
      return found?.authentication
    },
  }
}

function names(url: string, bucket: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname, pathname, protocol } = new URL(url)
  if (protocol === 's3:') return hostname === bucket
  return hostname.startsWith(`${bucket}.`) || pathname.startsWith(`/${bucket}/`)
}

function entryOf(name: string, given: Readonly<Record<string, unknown>>): Entry {
  const text = (key: string): string | undefined =>
    typeof given[key] === 'string' ? given[key] : undefined
  const type = (text('type') ?? 'basic').toLowerCase()
  const buckets = listOf(given['buckets'])
  const uris = listOf(given['uris'])
  if (isTrue(given['useHeadAuth']))
    throw new ToolFailure(`authentication ${name}: useHeadAuth is not known`)
  if (type === 'basic') {
    const authentication = {
      type: 'basic' as const,
      username: text('username') ?? '',
      password: text('password') ?? '',
    }
    return { authentication, buckets: [], uris }
  }
  if (type !== 's3')
    throw new ToolFailure(`authentication ${name} has the type ${type}; there are S3 and basic`)
  const roleName = text('roleName')
  const accessKeyId = text('accessKeyId')
  const secretKey = text('secretKey')
  const authentication = {
    type: 'S3' as const,
    ...(roleName === undefined ? {} : { roleName }),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    ...(secretKey === undefined ? {} : { secretKey }),
  }
  return { authentication, buckets, uris }
}
