/** The most blocks that `Fn::Cidr` gives. */
const countMax = 256

/**
 * `Fn::Cidr`: the first `count` blocks of `hostBits` bits inside an IPv4 block. A value tells what is wrong: the caller knows
 * the place. IPv6 blocks are refused: networks here have none.
 */
export function divideCidr(
  block: string,
  count: number,
  hostBits: number,
): { readonly blocks: readonly string[] } | { readonly problem: string } {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block)
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = (match ?? []).slice(1).map(Number)
  if (!match || [a, b, c, d].some((octet) => octet > 255) || prefix > 32) {
    return { problem: `${block} is not an IPv4 address block` }
  }
  if (!Number.isInteger(count) || count < 1 || count > countMax) {
    return { problem: `the count must be from 1 to ${countMax}, not ${count}` }
  }
  if (!Number.isInteger(hostBits) || hostBits < 1 || hostBits > 32) {
    return { problem: `the number of bits must be from 1 to 32, not ${hostBits}` }
  }
  const size = 2 ** hostBits
  const room = 2 ** (32 - prefix)
  if (count * size > room) {
    return { problem: `${block} has no room for ${count} blocks of ${hostBits} bits` }
  }
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  const start = address - (address % room)
  const blocks = Array.from({ length: count }, (_, index) => addressOf(start + index * size))
  return { blocks: blocks.map((text) => `${text}/${32 - hostBits}`) }
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
