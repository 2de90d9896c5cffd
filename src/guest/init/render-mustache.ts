/** Names and what they stand for. */
type Context = Readonly<Record<string, unknown>>

interface Tag {
  readonly sigil: string
  readonly name: string
  readonly start: number
  readonly end: number
}

const pattern = /\{\{\{\s*([^{}]+?)\s*\}\}\}|\{\{([#^/&!]?)\s*([^{}]*?)\s*\}\}/g

/** Mustache as files with a context use it: variables, raw variables, sections, inverted sections, comments. */
export function renderMustache(template: string, context: Context): string {
  return render(template, [context])
}

function render(template: string, stack: readonly unknown[]): string {
  let text = ''
  let at = 0
  while (true) {
    const tag = nextTag(template, at)
    if (!tag) return text + template.slice(at)
    text += template.slice(at, tag.start)
    at = tag.end
    if (tag.sigil === '#' || tag.sigil === '^') {
      const close = closingOf(template, tag)
      text += section(template.slice(tag.end, close.start), tag, stack)
      at = close.end
    } else if (tag.sigil === '') text += escaped(textOf(lookup(tag.name, stack)))
    else if (tag.sigil === '&') text += textOf(lookup(tag.name, stack))
  }
}

function nextTag(template: string, from: number): Tag | undefined {
  pattern.lastIndex = from
  const match = pattern.exec(template)
  if (!match) return undefined
  const [whole, raw, sigil = '', name = ''] = match
  const place = { start: match.index, end: match.index + whole.length }
  return raw === undefined ? { sigil, name, ...place } : { sigil: '&', name: raw, ...place }
}

/** Throws when a section has no end. */
function closingOf(template: string, open: Tag): Tag {
  let depth = 1
  for (let at = open.end; ;) {
    const tag = nextTag(template, at)
    if (!tag) throw new Error(`the section {{#${open.name}}} has no end`)
    if (tag.name === open.name) {
      if (tag.sigil === '/') depth--
      else if (tag.sigil === '#' || tag.sigil === '^') depth++
    }
    if (depth === 0) return tag
    at = tag.end
  }
}

function section(inner: string, { sigil, name }: Tag, stack: readonly unknown[]): string {
  const value = lookup(name, stack)
  const isEmpty =
    value === undefined ||
    value === null ||
    value === false ||
    value === '' ||
    (Array.isArray(value) && value.length === 0)
  if (sigil === '^') return isEmpty ? render(inner, stack) : ''
  if (isEmpty) return ''
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  return items.map((item) => render(inner, [item, ...stack])).join('')
}

function lookup(name: string, stack: readonly unknown[]): unknown {
  if (name === '.') return stack[0]
  const [first = '', ...rest] = name.split('.')
  const holder = stack.find((each) => has(each, first))
  let value: unknown = holder === undefined ? undefined : (holder as Context)[first]
  for (const part of rest) value = has(value, part) ? (value as Context)[part] : undefined
  return value
}

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  return JSON.stringify(value)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}
