import type { AddressSet, SecurityPlan } from './plan-security.ts'

const table = 'inet evenkeel'

/** What `nft -f` is given to replace whatever rules there are, in one transaction. */
export function wholeRules({ chains, sets }: SecurityPlan): string {
  return [`table ${table}`, `delete table ${table}`, ...tableOf({ chains, sets }), ''].join('\n')
}

export interface RuleChange {
  /** What `nft -f` is given, one transaction; empty when nothing is to be done. */
  readonly text: string
  /** What is in force then. */
  readonly inForce: SecurityPlan
}

/**
 * What takes the rules from one plan to the next. What is new is added, and addresses come and go; chains that nothing leads to any more are
 * left until some chain changes. A whole replacement waits for the packets under way, some 10 ms, and so does whatever removes something:
 * launches remove nothing.
 */
export function changedRules(before: SecurityPlan | undefined, after: SecurityPlan): RuleChange {
  const kept = before && leftOver(before, after)
  if (!before || !kept) return { text: wholeRules(after), inForce: after }
  const chains = after.chains.filter((text) => !before.chains.includes(text))
  const sets = after.sets.filter((set) => !hasSet(before, set))
  const inForce = { chains: [...after.chains, ...kept.chains], sets: [...after.sets, ...kept.sets] }
  const wasIn = new Map(before.sets.map(({ name, elements }) => [name, elements]))
  const changes = inForce.sets
    .filter((set) => wasIn.has(set.name))
    .map((set) => changeOf(wasIn.get(set.name) ?? [], set))
  const lines = [
    ...tableOf({ chains, sets }),
    ...changes.flatMap(({ name, gone }) => elementsLine('delete', name, gone)),
    ...changes.flatMap(({ name, come }) => elementsLine('add', name, come)),
  ]
  return { text: lines.map((line) => `${line}\n`).join(''), inForce }
}

/** Of the rules in force what the next plan has no use for, its sets emptied. Undefined when it cannot be left: all is replaced then. */
function leftOver(before: SecurityPlan, after: SecurityPlan): SecurityPlan | undefined {
  const wanted = new Map(after.chains.map((text) => [nameOf(text), text]))
  const isOther = (text: string): boolean =>
    wanted.get(nameOf(text)) !== text && (wanted.has(nameOf(text)) || text.includes(' hook '))
  const names = new Set(after.sets.map(({ name }) => name))
  const unlike = before.sets.some((set) => names.has(set.name) && !hasSet(after, set))
  if (unlike || before.chains.some(isOther)) return undefined
  return {
    chains: before.chains.filter((text) => !wanted.has(nameOf(text))),
    sets: before.sets
      .filter(({ name }) => !names.has(name))
      .map((set) => ({ ...set, elements: [] })),
  }
}

function hasSet({ sets }: SecurityPlan, { name, keyword, type }: AddressSet): boolean {
  return sets.some((set) => set.name === name && set.keyword === keyword && set.type === type)
}

/** `chain NAME {` opens each. */
function nameOf(chain: string): string {
  return chain.slice(0, chain.indexOf('{'))
}

function tableOf({ chains, sets }: SecurityPlan): readonly string[] {
  if (chains.length + sets.length === 0) return []
  return [`table ${table} {`, ...sets.map(declaration), ...chains, '}']
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
