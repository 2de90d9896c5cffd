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
  const refused = refusedIn(input, accepts)
  return refused?.startsWith('.') ? refused.slice(1) : refused
}

/** Paths are made only where something is refused: `.Items[0].Name`. */
function refusedIn(value: unknown, accepts: AcceptTree): string | undefined {
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const refused = refusedIn(value[at], accepts)
      if (refused !== undefined) return `[${at}]${refused}`
    }
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  for (const member of Object.keys(value)) {
    const inner = (value as Readonly<Record<string, unknown>>)[member]
    if (inner === undefined || inner === null) continue
    const rule = Object.hasOwn(accepts, member) ? accepts[member] : undefined
    if (rule === true) continue
    if (rule === undefined) return `.${member}`
    if (typeof rule === 'function') {
      if (!rule(inner)) return `.${member}`
      continue
    }
    const refused = refusedIn(inner, rule)
    if (refused !== undefined) return `.${member}${refused}`
  }
  return undefined
}
