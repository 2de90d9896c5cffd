/** Whether two JSON values say the same; the order of keys does not matter, an absent member is an undefined one. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  const values = (value: object): Readonly<Record<string, unknown>> => ({ ...value })
  return [...keys].every((key) => sameValue(values(left)[key], values(right)[key]))
}
