import { constraintViolated } from './errors.ts'

const typePattern = '[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}::[A-Za-z0-9]{2,64}(::MODULE){0,1}'
const tokenPattern = '[-A-Za-z0-9+/=]+'
const identifierLengthMax = 1024
const tokenLengthMax = 128
const documentLengthMax = 65_536

export function checkedType(value: string | undefined): string {
  return matching('typeName', value, typePattern)
}

export function checkedToken(member: string, value: string | undefined): string {
  const token = matching(member, value, tokenPattern)
  return sized(member, token, tokenLengthMax)
}

export function checkedClientToken(value: string | undefined): string | undefined {
  return value === undefined ? undefined : checkedToken('clientToken', value)
}

export function checkedIdentifier(value: string | undefined): string {
  return sized('identifier', value, identifierLengthMax)
}

export function checkedDocument(member: string, value: string | undefined): string {
  return sized(member, value, documentLengthMax)
}

function matching(member: string, value: string | undefined, pattern: string): string {
  if (new RegExp(`^${pattern}$`).test(value ?? '')) return value ?? ''
  const constraint = `Member must satisfy regular expression pattern: ${pattern}`
  throw constraintViolated(member, value, constraint)
}

function sized(member: string, value: string | undefined, lengthMax: number): string {
  if (value === undefined) throw constraintViolated(member, null, 'Member must not be null')
  if (value.length < 1) {
    throw constraintViolated(member, value, 'Member must have length greater than or equal to 1')
  }
  if (value.length <= lengthMax) return value
  const constraint = `Member must have length less than or equal to ${lengthMax}`
  throw constraintViolated(member, `${value.slice(0, 100)}…`, constraint)
}
