import type { AcceptRule, AcceptTree } from './service.ts'

/** Accepts just these values: what we do anyway. */
export function is(...values: readonly unknown[]): AcceptRule {
  return (value) => values.includes(value)
}

/** Accepts an absent or empty list or text. */
export const empty: AcceptRule = (value) =>
  value === '' || (Array.isArray(value) && value.length === 0)

/** The path of the first member that the tree does not accept, `Items[0].Name`; undefined when all are accepted. */
export function firstRefused(input: unknown, accepts: AcceptTree): string | undefined {
  return refusedIn(input, accepts, '')
}

function refusedIn(value: unknown, accepts: AcceptTree, path: string): string | undefined {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const refused = refusedIn(item, accepts, `${path}[${index}]`)
      if (refused) return refused
    }
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const [member, inner] of Object.entries(value)) {
    if (inner === undefined || inner === null) continue
    const memberPath = path === '' ? member : `${path}.${member}`
    const rule = Object.hasOwn(accepts, member) ? accepts[member] : undefined
    if (rule === true) continue
    if (rule === undefined) return memberPath
    if (typeof rule === 'function') {
      if (!rule(inner)) return memberPath
      continue
    }
    const refused = refusedIn(inner, rule, memberPath)
    if (refused) return refused
  }
  return undefined
}
