import { invalidPattern } from './pattern-fault.ts'

/** Reads a filter pattern from left to right. */
export class PatternReader {
  readonly text: string
  #at: number
  readonly #end: number

  constructor(text: string, start = 0, end = text.length) {
    this.text = text
    this.#at = start
    this.#end = end
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end
  }

  get next(): string {
    return this.isAtEnd ? '' : (this.text[this.#at] ?? '')
  }

  skipSpace(): void {
    while (!this.isAtEnd && /\s/.test(this.next)) this.#at += 1
  }

  /** Takes the words when they come next. */
  take(words: string): boolean {
    if (this.#at + words.length > this.#end || !this.text.startsWith(words, this.#at)) return false
    this.#at += words.length
    return true
  }

  /** The longest text from here that the sticky expression matches; empty when it matches none. */
  takeRun(expression: RegExp): string {
    expression.lastIndex = this.#at
    const found = expression.exec(this.text)?.[0] ?? ''
    const run = found.slice(0, this.#end - this.#at)
    this.#at += run.length
    return run
  }

  /** Past `"`: up to the closing one; a backslash takes the next character as it is. */
  takeQuoted(): string {
    let text = ''
    while (!this.isAtEnd) {
      const character = this.next
      this.#at += 1
      if (character === '"') return text
      if (character === '\\' && !this.isAtEnd) {
        const escaped = this.next
        this.#at += 1
        text += escaped === '"' || escaped === '\\' ? escaped : `\\${escaped}`
      } else text += character
    }
    throw invalidPattern('a double quote is not closed')
  }

  /** Past `%`: up to the closing one. */
  takeExpression(): string {
    const end = this.text.indexOf('%', this.#at)
    if (end < 0 || end >= this.#end) throw invalidPattern('a regular expression is not closed')
    const source = this.text.slice(this.#at, end)
    this.#at = end + 1
    return source
  }

  get place(): string {
    return this.isAtEnd ? 'its end' : `character ${this.#at + 1}`
  }
}
