/** Chance comes in through context, so that a seed gives the same run twice. */
export interface Random {
  /** `count` random bytes as lower-case hexadecimal, two characters a byte. */
  hex(bytes: number): string
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number
}

/** `length` characters drawn from `alphabet`. */
export function randomText(random: Random, length: number, alphabet: string): string {
  let text = ''
  for (let i = 0; i < length; i++) text += alphabet[random.below(alphabet.length)]
  return text
}

export const upperAlphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** A version-4 UUID in lower case. */
export function uuid(random: Random): string {
  const hex = random.hex(16)
  const variant = '89ab'[Number.parseInt(hex[16] ?? '', 16) & 0x3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** An EC2-style id: the prefix and 17 hexadecimal digits, `i-0123456789abcdef0`. */
export function resourceId(random: Random, prefix: string): string {
  return `${prefix}-0${random.hex(8)}`
}
