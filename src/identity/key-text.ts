import { randomText, type Random } from '../kernel/random.ts'

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The prefix says what the id names: access keys have 20 characters, users, roles, profiles and policies 21. */
export function identityId(
  random: Random,
  prefix: 'AKIA' | 'ASIA' | 'AGPA' | 'AIDA' | 'AROA' | 'AIPA' | 'ANPA' | 'ASCA',
): string {
  const isKey = prefix === 'AKIA' || prefix === 'ASIA'
  return prefix + randomText(random, isKey ? 16 : 17, base32)
}

export function secretText(random: Random): string {
  return randomText(random, 40, base64)
}

export function sessionTokenText(random: Random): string {
  return `IQoJb3JpZ2luX2VjE${randomText(random, 239, base64)}`
}
