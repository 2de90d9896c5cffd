/** A range of IPv4 addresses: its first address as a number, and the length of its prefix. */
export interface Cidr {
  readonly first: number
  readonly prefix: number
}

/** The number of a dotted address, or undefined when the text is not one. */
export function addressNumber(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  let number = 0
  for (const part of match.slice(1)) {
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return undefined
    number = number * 256 + Number(part)
  }
  return number
}

export function addressText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}

/** `10.0.0.0/16`; undefined when it is not a range. Bits after the prefix are dropped, as EC2 does. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length = '', ...rest] = text.split('/')
  const number = addressNumber(address)
  const prefix = /^\d{1,2}$/.test(length) ? Number(length) : 33
  if (number === undefined || prefix > 32 || rest.length > 0) return undefined
  return { first: number - (number % sizeOfPrefix(prefix)), prefix }
}

export function cidrText(cidr: Cidr): string {
  return `${addressText(cidr.first)}/${cidr.prefix}`
}

/** How many addresses it holds. */
function cidrSize(cidr: Cidr): number {
  return sizeOfPrefix(cidr.prefix)
}

export function holds(outer: Cidr, inner: Cidr): boolean {
  return (
    inner.first >= outer.first && inner.first + cidrSize(inner) <= outer.first + cidrSize(outer)
  )
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.first < b.first + cidrSize(b) && b.first < a.first + cidrSize(a)
}

function sizeOfPrefix(prefix: number): number {
  return 2 ** (32 - prefix)
}

/** Of each subnet EC2 keeps the first four addresses and the last one: network, router, resolver, reserve, broadcast. */
const reservedFirst = 4

/** The addresses that interfaces may have: `count` of them from `first` on. */
export function usableRange(subnet: Cidr): { readonly first: number; readonly count: number } {
  return {
    first: subnet.first + reservedFirst,
    count: Math.max(0, cidrSize(subnet) - reservedFirst - 1),
  }
}

export function isUsable(subnet: Cidr, address: number): boolean {
  const { first, count } = usableRange(subnet)
  return address >= first && address < first + count
}

/**
 * A free address of a range, the one at or after `start` (counted from the first), wrapping round; undefined when all are taken.
 */
export function freeAddress(
  range: { readonly first: number; readonly count: number },
  taken: ReadonlySet<number>,
  start: number,
): number | undefined {
  for (let step = 0; step < range.count; step++) {
    const candidate = range.first + ((start + step) % range.count)
    if (!taken.has(candidate)) return candidate
  }
  return undefined
}
