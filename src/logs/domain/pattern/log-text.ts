/** A message, and what it is read as, once for all patterns that look at it. */
export class LogText {
  readonly text: string
  #json: { readonly value: unknown } | undefined
  #words: readonly string[] | undefined

  constructor(text: string) {
    this.text = text
  }

  /** The JSON object that the message is; undefined when it is none. */
  get json(): unknown {
    this.#json ??= { value: objectIn(this.text) }
    return this.#json.value
  }

  /** Its fields between blanks; what stands in `[]` or `""` is one. */
  get words(): readonly string[] {
    this.#words ??= wordsIn(this.text)
    return this.#words
  }
}

function objectIn(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function wordsIn(text: string): readonly string[] {
  const words: string[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at] ?? ''
    if (/\s/.test(character)) {
      at += 1
      continue
    }
    const closing = character === '"' ? '"' : character === '[' ? ']' : undefined
    const close = closing === undefined ? -1 : text.indexOf(closing, at + 1)
    if (close >= 0) {
      words.push(text.slice(at + 1, close))
      at = close + 1
    } else {
      const end = endOfWord(text, at)
      words.push(text.slice(at, end))
      at = end
    }
  }
  return words
}

function endOfWord(text: string, from: number): number {
  let at = from
  while (at < text.length && !/\s/.test(text[at] ?? '')) at += 1
  return at
}
