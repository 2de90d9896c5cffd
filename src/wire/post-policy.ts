import { AwsError } from '../kernel/errors.ts'

/** What a form may upload, as who signed it has laid down. */
export interface PostPolicy {
  readonly expiresAt: number
  readonly conditions: readonly Condition[]
  readonly sizes: { readonly min: number; readonly max: number } | undefined
}

interface Condition {
  readonly match: 'eq' | 'starts-with'
  /** In lower case. */
  readonly field: string
  readonly value: string
}

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

/** Reads a policy's JSON. Throws InvalidPolicyDocument. Source: "POST Policy" of S3's API reference. */
export function readPostPolicy(text: string): PostPolicy {
  const document = parsed(text)
  const { expiration, conditions } = document
  if (typeof expiration !== 'string') throw invalid('Policy missing expiration.')
  if (!isoTime.test(expiration) || Number.isNaN(Date.parse(expiration))) {
    throw invalid(`Invalid 'expiration' value: '${expiration}'`)
  }
  if (!Array.isArray(conditions)) throw invalid('Policy missing conditions.')
  const read = conditions.flatMap((each: unknown) => readCondition(each))
  const ranges = read.filter((each) => 'min' in each)
  return {
    expiresAt: Date.parse(expiration),
    conditions: read.filter((each) => 'field' in each),
    sizes: ranges.length === 0 ? undefined : narrowest(ranges),
  }
}

interface Range {
  readonly min: number
  readonly max: number
}

function narrowest(ranges: readonly Range[]): Range {
  return {
    min: Math.max(...ranges.map(({ min }) => min)),
    max: Math.min(...ranges.map(({ max }) => max)),
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid('Invalid JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('Invalid JSON.')
  }
  return value as Readonly<Record<string, unknown>>
}

function readCondition(given: unknown): readonly (Condition | Range)[] {
  if (Array.isArray(given)) return [listed(given as readonly unknown[])]
  if (typeof given !== 'object' || given === null) throw invalid('Invalid condition.')
  const entries = Object.entries(given)
  if (entries.length !== 1) throw invalid('Invalid Simple-Condition: one property is expected.')
  return entries.map(([name, value]) => ({ match: 'eq', ...matched(`$${name}`, value) }))
}

function listed(parts: readonly unknown[]): Condition | Range {
  const [given, first, second] = parts
  const operator = typeof given === 'string' ? given.toLowerCase() : ''
  if (parts.length !== 3) throw invalid(`Invalid condition: ${operator} takes two values.`)
  if (operator === 'content-length-range') {
    const [min, max] = [Number(first), Number(second)]
    if (![min, max].every((each) => Number.isSafeInteger(each) && each >= 0)) {
      throw invalid('Invalid content-length-range.')
    }
    return { min, max }
  }
  if (operator !== 'eq' && operator !== 'starts-with') {
    throw invalid(`Invalid condition: ${operator} is no operator.`)
  }
  return { match: operator, ...matched(first, second) }
}

function matched(name: unknown, value: unknown): Pick<Condition, 'field' | 'value'> {
  if (typeof name !== 'string' || !name.startsWith('$') || typeof value !== 'string') {
    throw invalid('Invalid condition: a field is named by $name, and its value is text.')
  }
  return { field: name.slice(1).toLowerCase(), value }
}

const exempt = new Set(['policy', 'file', 'signature', 'x-amz-signature', 'awsaccesskeyid'])

/**
 * Holds a form's fields, by names in lower case and with `bucket` among them, against a policy: it must not have expired, all its conditions must
 * hold, and every field must be in one. Throws AccessDenied.
 */
export function checkPostPolicy(
  policy: PostPolicy,
  fields: ReadonlyMap<string, string>,
  now: number,
): void {
  if (now > policy.expiresAt) throw refused('Policy expired.')
  for (const condition of policy.conditions) {
    if (holds(condition, fields.get(condition.field) ?? '')) continue
    const { match, field, value } = condition
    throw refused(`Policy Condition failed: ["${match}", "$${field}", "${value}"]`)
  }
  const named = new Set(policy.conditions.map(({ field }) => field))
  const extra = [...fields.keys()].filter(
    (name) => !named.has(name) && !exempt.has(name) && !name.startsWith('x-ignore-'),
  )
  if (extra.length > 0) throw refused(`Extra input fields: ${extra.join(', ')}`)
}

/** A list of content types starts with something when all in it do. */
function holds({ match, field, value }: Condition, given: string): boolean {
  if (match === 'eq') return given === value
  const parts = field === 'content-type' ? given.split(/\s*,\s*/) : [given]
  return parts.every((part) => part.startsWith(value))
}

function invalid(reason: string): AwsError {
  return new AwsError('InvalidPolicyDocument', `Invalid Policy: ${reason}`, { status: 400 })
}

function refused(reason: string): AwsError {
  return new AwsError('AccessDenied', `Invalid according to Policy: ${reason}`, { status: 403 })
}
