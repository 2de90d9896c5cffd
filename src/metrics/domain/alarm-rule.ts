/** The rule of a composite alarm: `ALARM("a") AND NOT (OK(b) OR FALSE)`. */
export type AlarmRuleTree =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: string; readonly alarm: string }
  | { readonly kind: 'not'; readonly of: AlarmRuleTree }
  | { readonly kind: 'and' | 'or'; readonly of: readonly AlarmRuleTree[] }

export type RuleReading =
  | { readonly ok: true; readonly tree: AlarmRuleTree }
  | { readonly ok: false; readonly reason: string }

const token = /\s*(?:"((?:[^"\\]|\\.)*)"|([()])|([^\s()"]+))/y
/** Deeper than anyone writes by hand, and safe for the stack. */
const depthMax = 100

interface Token {
  readonly text: string
  readonly isQuoted: boolean
}

/** Reads a rule; the reason says what is wrong with it and where. */
export function parseAlarmRule(text: string): RuleReading {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  token.lastIndex = 0
  while (token.lastIndex < end) {
    const at = token.lastIndex
    const match = token.exec(text)
    if (!match) return { ok: false, reason: `unreadable at character ${at + 1}` }
    const [, quoted, bracket, word] = match
    if (quoted === undefined) tokens.push({ text: bracket ?? word ?? '', isQuoted: false })
    else tokens.push({ text: quoted.replace(/\\(.)/g, '$1'), isQuoted: true })
  }
  const reader = new RuleReader(tokens)
  try {
    return { ok: true, tree: reader.whole() }
  } catch (thrown) {
    if (!(thrown instanceof UnreadableRule)) throw thrown
    return { ok: false, reason: thrown.message }
  }
}

class UnreadableRule extends Error {}

class RuleReader {
  readonly #tokens: readonly Token[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): AlarmRuleTree {
    const tree = this.#any()
    const rest = this.#tokens[this.#next]
    if (rest) throw new UnreadableRule(`'${rest.text}' was not expected`)
    return tree
  }

  #any(): AlarmRuleTree {
    const of = [this.#all()]
    while (this.#takes('OR')) of.push(this.#all())
    return of.length === 1 && of[0] ? of[0] : { kind: 'or', of }
  }

  #all(): AlarmRuleTree {
    const of = [this.#one()]
    while (this.#takes('AND')) of.push(this.#one())
    return of.length === 1 && of[0] ? of[0] : { kind: 'and', of }
  }

  #one(): AlarmRuleTree {
    if (++this.#depth > depthMax) throw new UnreadableRule('it is nested too deeply')
    try {
      if (this.#takes('NOT')) return { kind: 'not', of: this.#one() }
      if (this.#takes('(')) {
        const tree = this.#any()
        this.#expect(')')
        return tree
      }
      if (this.#takes('TRUE')) return { kind: 'constant', value: true }
      if (this.#takes('FALSE')) return { kind: 'constant', value: false }
      for (const state of ['ALARM', 'OK', 'INSUFFICIENT_DATA']) {
        if (this.#takes(state)) return { kind: 'state', state, alarm: this.#alarm() }
      }
      const found = this.#tokens[this.#next]
      throw new UnreadableRule(found ? `'${found.text}' was not expected` : 'it ends too early')
    } finally {
      this.#depth--
    }
  }

  #alarm(): string {
    this.#expect('(')
    const name = this.#tokens[this.#next++]
    if (!name || (!name.isQuoted && '()'.includes(name.text))) {
      throw new UnreadableRule('an alarm name is missing')
    }
    this.#expect(')')
    return name.text
  }

  #takes(word: string): boolean {
    const found = this.#tokens[this.#next]
    if (!found || found.isQuoted || found.text !== word) return false
    this.#next++
    return true
  }

  #expect(word: string): void {
    if (!this.#takes(word)) throw new UnreadableRule(`'${word}' is missing`)
  }
}

/** The names, or ARNs, of the alarms that a rule looks at; each once. */
export function alarmsIn(tree: AlarmRuleTree): readonly string[] {
  switch (tree.kind) {
    case 'constant':
      return []
    case 'state':
      return [alarmNameOf(tree.alarm)]
    case 'not':
      return alarmsIn(tree.of)
    case 'and':
    case 'or':
      return [...new Set(tree.of.flatMap(alarmsIn))]
  }
}

/** Whether the rule holds. An alarm that is gone is in no state. */
export function ruleHolds(
  tree: AlarmRuleTree,
  stateOf: (alarmName: string) => string | undefined,
): boolean {
  switch (tree.kind) {
    case 'constant':
      return tree.value
    case 'state':
      return stateOf(alarmNameOf(tree.alarm)) === tree.state
    case 'not':
      return !ruleHolds(tree.of, stateOf)
    case 'and':
      return tree.of.every((each) => ruleHolds(each, stateOf))
    case 'or':
      return tree.of.some((each) => ruleHolds(each, stateOf))
  }
}

/** Rules name alarms, or give their ARNs. */
function alarmNameOf(text: string): string {
  return /^arn:[^:]+:cloudwatch:[^:]*:[^:]*:alarm:(.+)$/s.exec(text)?.[1] ?? text
}
