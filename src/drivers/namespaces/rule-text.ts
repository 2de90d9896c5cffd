import type { AddressSet, SecurityPlan } from './plan-security.ts'

const table = 'inet evenkeel'

/** What `nft -f` is given to replace whatever rules there are, in one transaction. */
export function wholeRules({ chains, sets }: SecurityPlan): string {
  return [
    `table ${table}`,
    `delete table ${table}`,
    `table ${table} {`,
    ...sets.map(declaration),
    ...chains,
    '}',
    '',
  ].join('\n')
}

/**
 * What takes the rules from one plan to the next, in one transaction; nothing when they are the same. Where only addresses came or
 * went, these alone: a whole replacement waits for the packets under way. Both texts come from the same plan, so they cannot drift apart.
 */
export function changedRules(before: SecurityPlan | undefined, after: SecurityPlan): string {
  if (!before || shapeOf(before) !== shapeOf(after)) return wholeRules(after)
  const changes = after.sets.map((set, index) => changeOf(before.sets[index]?.elements ?? [], set))
  const lines = [
    ...changes.flatMap(({ name, gone }) => elementsLine('delete', name, gone)),
    ...changes.flatMap(({ name, come }) => elementsLine('add', name, come)),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

/** All but the addresses. */
function shapeOf({ chains, sets }: SecurityPlan): string {
  return JSON.stringify([chains, sets.map(({ name, keyword, type }) => [name, keyword, type])])
}

function changeOf(before: readonly string[], { name, elements }: AddressSet) {
  const was = new Set(before)
  const is = new Set(elements)
  return {
    name,
    gone: [...was].filter((element) => !is.has(element)),
    come: [...is].filter((element) => !was.has(element)),
  }
}

function elementsLine(
  verb: 'add' | 'delete',
  name: string,
  elements: readonly string[],
): readonly string[] {
  return elements.length > 0 ? [`${verb} element ${table} ${name} { ${elements.join(', ')} }`] : []
}

function declaration({ keyword, name, type, elements }: AddressSet): string {
  const list = elements.length > 0 ? `elements = { ${elements.join(', ')} }` : ''
  return `${keyword} ${name} { type ${type}; ${list}\n}`
}
