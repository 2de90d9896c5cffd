/** An IPv4 address without the IPv6 clothing it wears on a dual-stack socket; loopback is loopback in both. */
export function plainAddress(address: string): string {
  if (address === '::1') return '127.0.0.1'
  return address.startsWith('::ffff:') ? address.slice(7) : address
}

/** Whether an IPv4 address lies in one of the ranges. Anything that is not IPv4 lies in none. */
export function isAllowed(address: string, cidrs: readonly string[]): boolean {
  const number = addressNumber(address)
  if (number === undefined) return false
  return cidrs.some((cidr) => {
    const [base = '', bits = '32'] = cidr.split('/')
    const baseNumber = addressNumber(base)
    const size = 2 ** (32 - Number(bits))
    return baseNumber !== undefined && Math.floor(number / size) === Math.floor(baseNumber / size)
  })
}

function addressNumber(address: string): number | undefined {
  const parts = address.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]{1,3}$/.test(part))) return undefined
  return parts.reduce((total, part) => total * 256 + Number(part), 0)
}
