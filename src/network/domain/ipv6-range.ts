/**
 * The one form of an IPv6 range that EC2 shows: groups without leading zeros, the longest run of zeros as `::`, bits after the prefix
 * dropped. Undefined when it is not a range.
 */
export function ipv6RangeText(text: string): string | undefined {
  const [address = '', length = '', ...rest] = text.split('/')
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : 129
  const groups = groupsOf(address)
  if (!groups || prefix > 128 || rest.length > 0) return undefined
  const kept = groups.map((group, index) => {
    const bits = Math.min(16, Math.max(0, prefix - index * 16))
    return group - (group % 2 ** (16 - bits))
  })
  return `${compressed(kept)}/${prefix}`
}

function groupsOf(address: string): readonly number[] | undefined {
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - before.length - after.length
  const isWhole = halves.length === 2 ? missing >= 1 : missing === 0
  const all = [...before, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...after]
  if (!isWhole || !all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return all.map((group) => Number.parseInt(group, 16))
}

function compressed(groups: readonly number[]): string {
  const text = groups.map((group) => group.toString(16)).join(':')
  const runs = text.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? []
  const longest = runs.toSorted((a, b) => b.length - a.length)[0]
  if (longest === undefined) return text
  const at = text.indexOf(longest)
  const rest = text.slice(at + longest.length)
  return `${text.slice(0, at)}:${rest === '' ? ':' : rest}`
}
