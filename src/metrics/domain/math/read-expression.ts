/** A metric-math expression as a tree. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'negative'; readonly of: Expression }
  | {
      readonly kind: 'operation'
      readonly operator: Operator
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'call'; readonly name: string; readonly inputs: readonly Expression[] }

export type Operator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '^'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||'

/** Weakest first; operators of one row bind alike, from the left. */
const precedence: readonly (readonly Operator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
  ['^'],
]

/** An expression that cannot be read or evaluated; the message says why. */
export class ExpressionError extends Error {}

const token =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|"([^"]*)"|'([^']*)'|(==|!=|<=|>=|&&|\|\||[-+*/^<>()[\],]))/y
const depthMax = 100

/** Throws `ExpressionError`. */
export function readExpression(text: string): Expression {
  const tokens: Expression[] = []
  const signs: (string | undefined)[] = []
  const end = text.trimEnd().length
  token.lastIndex = 0
  while (token.lastIndex < end) {
    const at = token.lastIndex
    const match = token.exec(text)
    if (!match) {
      const position = at + text.slice(at).search(/\S/) + 1
      throw new ExpressionError(`Unexpected character at position ${position}`)
    }
    const [, number, name, double, single, sign] = match
    signs.push(sign)
    if (number !== undefined) tokens.push({ kind: 'number', value: Number(number) })
    else if (name === undefined) tokens.push({ kind: 'text', text: double ?? single ?? sign ?? '' })
    else tokens.push({ kind: 'name', name })
  }
  return new ExpressionReader(tokens, signs).whole()
}

class ExpressionReader {
  readonly #tokens: readonly Expression[]
  readonly #signs: readonly (string | undefined)[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly Expression[], signs: readonly (string | undefined)[]) {
    this.#tokens = tokens
    this.#signs = signs
  }

  whole(): Expression {
    const tree = this.#level(0)
    if (this.#next < this.#tokens.length) throw this.#unexpected()
    return tree
  }

  #level(level: number): Expression {
    const operators = precedence[level]
    if (operators === undefined) return this.#one()
    let left = this.#level(level + 1)
    for (;;) {
      const operator = this.#operator(operators)
      if (operator === undefined) return left
      left = { kind: 'operation', operator, left, right: this.#level(level + 1) }
    }
  }

  #operator(operators: readonly Operator[]): Operator | undefined {
    const sign = this.#signs[this.#next] ?? this.#word()
    const operator = operators.find((one) => one === sign)
    if (operator !== undefined) this.#next++
    return operator
  }

  /** `AND` and `OR` are operators too. */
  #word(): string | undefined {
    const found = this.#tokens[this.#next]
    if (found?.kind !== 'name') return undefined
    return { AND: '&&', OR: '||' }[found.name.toUpperCase()]
  }

  #one(): Expression {
    if (++this.#depth > depthMax) throw new ExpressionError('The expression is nested too deeply')
    try {
      if (this.#takes('-')) return { kind: 'negative', of: this.#one() }
      if (this.#takes('(')) {
        const inner = this.#level(0)
        this.#expect(')')
        return inner
      }
      if (this.#takes('[')) return { kind: 'list', items: this.#items(']') }
      if (this.#signs[this.#next] !== undefined) throw this.#unexpected()
      const found = this.#tokens[this.#next]
      if (found === undefined) throw this.#unexpected()
      this.#next++
      if (found.kind !== 'name' || !this.#takes('(')) return found
      return { kind: 'call', name: found.name.toUpperCase(), inputs: this.#items(')') }
    } finally {
      this.#depth--
    }
  }

  #items(close: string): readonly Expression[] {
    const items: Expression[] = []
    if (this.#takes(close)) return items
    do items.push(this.#level(0))
    while (this.#takes(','))
    this.#expect(close)
    return items
  }

  #takes(sign: string): boolean {
    if (this.#signs[this.#next] !== sign) return false
    this.#next++
    return true
  }

  #expect(sign: string): void {
    if (!this.#takes(sign)) throw this.#unexpected(`, '${sign}' was expected`)
  }

  #unexpected(more = ''): ExpressionError {
    const found = this.#tokens[this.#next]
    if (found === undefined) return new ExpressionError(`The expression ends too early${more}`)
    const word = found.kind === 'name' ? found.name : found.kind === 'text' ? found.text : ''
    return new ExpressionError(
      `Unexpected '${found.kind === 'number' ? found.value : word}'${more}`,
    )
  }
}

/** The ids that an expression names; `METRICS()` names all others. */
export function namesIn(tree: Expression): readonly string[] {
  switch (tree.kind) {
    case 'number':
    case 'text':
      return []
    case 'name':
      return [tree.name]
    case 'list':
      return tree.items.flatMap(namesIn)
    case 'negative':
      return namesIn(tree.of)
    case 'operation':
      return [...namesIn(tree.left), ...namesIn(tree.right)]
    case 'call':
      return tree.inputs.flatMap(namesIn)
  }
}
