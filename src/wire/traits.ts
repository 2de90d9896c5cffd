/** What a model says of a shape or a member besides its type; Smithy's names. */
export interface Traits {
  readonly xmlName?: string
  readonly xmlFlattened?: 1
  readonly xmlAttribute?: 1
  /** The URI, or `[prefix, URI]`. */
  readonly xmlNamespace?: string | readonly [string, string]
  readonly ec2QueryName?: string
  readonly jsonName?: string
  /** `[method, URI pattern, success status]`. */
  readonly http?: readonly [string, string, number]
  readonly httpHeader?: string
  readonly httpQuery?: string
  readonly httpLabel?: 1
  readonly httpPayload?: 1
  readonly httpPrefixHeaders?: string
  readonly httpResponseCode?: 1
  readonly httpQueryParams?: 1
  readonly hostLabel?: 1
  readonly mediaType?: string
  readonly streaming?: 1
  readonly eventPayload?: 1
  readonly idempotencyToken?: 1
  readonly sensitive?: 1
  readonly error?: 'client' | 'server'
  readonly httpError?: number
  /** The code and status that the query protocol gives for an error. */
  readonly awsQueryError?: readonly [string, number]
  /** Ours: a floating number, which the schemas do not tell from a whole one. */
  readonly double?: 1
}

/** Traits as a model file holds them: none, a set of bits, or an object. */
export type RawTraits = number | Traits

/** The bits, lowest first, as in `@smithy/core`. */
const bitTraits = [
  'httpLabel',
  'idempotent',
  'idempotencyToken',
  'sensitive',
  'httpPayload',
  'httpResponseCode',
  'httpQueryParams',
] as const

export const noTraits: Traits = Object.freeze({})
const byBits: Traits[] = [noTraits]

export function traitsOf(raw: RawTraits | undefined): Traits {
  if (raw === undefined || raw === 0) return noTraits
  if (typeof raw === 'object') return raw
  byBits[raw] ??= Object.fromEntries(
    bitTraits.filter((_, bit) => (raw >> bit) & 1).map((trait) => [trait, 1]),
  )
  return byBits[raw]
}
