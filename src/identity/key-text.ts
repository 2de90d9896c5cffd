import { randomText, type Random } from '../kernel/random.ts'

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** `AKIA…`, `ASIA…`, `AIDA…`, `AROA…`, `AIPA…`, `ANPA…`: the prefix says what the id names. */
export function identityId(random: Random, prefix: string): string {
  return prefix + randomText(random, 16, base32)
}

export function secretText(random: Random): string {
  return randomText(random, 40, base64)
}

export function sessionTokenText(random: Random): string {
  return `IQoJb3JpZ2luX2VjE${randomText(random, 239, base64)}`
}
