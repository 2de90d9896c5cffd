import { nestingMax } from './limits.ts'
import { Malformed } from './malformed.ts'

/** An element. Namespace prefixes are dropped. */
export interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: Element[]
  text: string
}

const noAttributes: ReadonlyMap<string, string> = new Map()
/** Sticky: what does not match where the last one ended is an error, not a place to search on from. */
const attributePattern = /\s+([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y

/**
 * A document's root element. No DTD and so no entities of the caller's own; nesting is bounded. One pass over the text: every step
 * moves forward.
 */
export function parseXml(xml: string): Element {
  const document: Element = { name: '', attributes: noAttributes, children: [], text: '' }
  const open: Element[] = [document]
  let at = xml.startsWith('\ufeff') ? 1 : 0
  while (at < xml.length) {
    const top = open[open.length - 1]!
    if (xml[at] !== '<') {
      const next = xml.indexOf('<', at)
      const end = next < 0 ? xml.length : next
      top.text += decodeEntities(xml.slice(at, end))
      at = end
    } else if (xml.startsWith('<?', at)) at = after(xml, '?>', at)
    else if (xml.startsWith('<!--', at)) at = after(xml, '-->', at + 4)
    else if (xml.startsWith('<![CDATA[', at)) {
      const end = after(xml, ']]>', at)
      top.text += xml.slice(at + 9, end - 3)
      at = end
    } else if (xml.startsWith('<!', at)) throw new Malformed('a document type is not allowed')
    else {
      const end = endOfTag(xml, at)
      readTag(xml.slice(at + 1, end - 1), open)
      at = end
    }
  }
  const [root] = document.children
  if (open.length !== 1 || document.children.length !== 1 || !root || document.text.trim() !== '') {
    throw new Malformed('the body is not one whole XML element')
  }
  return root
}

function readTag(tag: string, open: Element[]): void {
  const top = open[open.length - 1]!
  if (tag.startsWith('/')) {
    if (open.length < 2 || top.name !== localName(tag.slice(1).trim())) {
      throw new Malformed('an XML element is closed that is not open')
    }
    open.pop()
    return
  }
  const selfClosing = tag.endsWith('/')
  const body = selfClosing ? tag.slice(0, -1) : tag
  const nameEnd = body.search(/\s/)
  const name = localName(nameEnd < 0 ? body : body.slice(0, nameEnd))
  if (!/^[\p{L}_][\p{L}\p{N}._-]*$/u.test(name)) throw new Malformed('an XML name is not valid')
  const attributes = nameEnd < 0 ? noAttributes : readAttributes(body.slice(nameEnd))
  const element: Element = { name, attributes, children: [], text: '' }
  top.children.push(element)
  if (selfClosing) return
  if (open.length > nestingMax) throw new Malformed(`nested deeper than ${nestingMax} levels`)
  open.push(element)
}

function readAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  const written = text.trimEnd()
  attributePattern.lastIndex = 0
  while (attributePattern.lastIndex < written.length) {
    const match = attributePattern.exec(written)
    if (!match) throw new Malformed('an XML attribute is not valid')
    const [, name = '', double, single] = match
    attributes.set(name, decodeEntities(double ?? single ?? ''))
  }
  return attributes
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/** A `>` inside an attribute's quotes does not end the tag. */
function endOfTag(xml: string, from: number): number {
  let quote = ''
  for (let at = from + 1; at < xml.length; at++) {
    const character = xml[at]!
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '>') return at + 1
    else if (character === '<') break
  }
  throw new Malformed('an XML tag does not end')
}

function after(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from)
  if (at < 0) throw new Malformed(`the XML has no ${mark}`)
  return at + mark.length
}

const named: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&\s]{0,12});?/g, (whole, entity: string) => {
    if (whole.endsWith(';')) {
      if (Object.hasOwn(named, entity)) return named[entity]!
      const number = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(entity)
      if (number) {
        const codePoint = number[1] ? Number.parseInt(number[1], 16) : Number(number[2])
        if (codePoint > 0 && codePoint <= 0x10ffff) return String.fromCodePoint(codePoint)
      }
    }
    throw new Malformed('an XML entity is not known')
  })
}
