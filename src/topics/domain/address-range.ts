/** Whether an address is in a range, `10.0.0.0/8` or `2001:db8::/32`. What is neither is in none. */
export function isInRange(range: string, address: string): boolean {
  const [base = '', length] = range.split('/')
  const [first, second] = [bitsOf(base), bitsOf(address)]
  if (first === undefined || first.length !== second?.length) return false
  const kept = Number(length ?? first.length)
  return first.slice(0, kept) === second.slice(0, kept)
}

export function isRange(text: string): boolean {
  const [base = '', length = '', ...more] = text.split('/')
  const bits = bitsOf(base)
  return (
    more.length === 0 && bits !== undefined && /^\d+$/.test(length) && Number(length) <= bits.length
  )
}

/** 32 or 128 characters of 0 and 1. */
function bitsOf(address: string): string | undefined {
  return address.includes(':') ? bitsOfSix(address) : bitsOfFour(address)
}

function bitsOfFour(address: string): string | undefined {
  const parts = address.split('.')
  const isAddress = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part))
  if (!isAddress || parts.some((part) => Number(part) > 255)) return undefined
  return parts.map((part) => Number(part).toString(2).padStart(8, '0')).join('')
}

function bitsOfSix(address: string): string | undefined {
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const [left = [], right = []] = halves.map((half) =>
    half.split(':').filter((part) => part !== ''),
  )
  const missing = 8 - left.length - right.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const parts = [...left, ...Array.from({ length: missing }, () => '0'), ...right]
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined
  return parts.map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0')).join('')
}
