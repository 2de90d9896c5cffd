import { gunzipSync } from 'node:zlib'

export type PartType = 'script' | 'cloud-config' | 'boothook' | 'unsupported' | 'unknown'

/** One thing that user data asks for. */
export interface Part {
  readonly type: PartType
  /** Of its file, `part-001` unless it brings one. */
  readonly name: string
  readonly content: Buffer
  /** As MIME has it, for words to a person. */
  readonly contentType: string
}

/** What gzip may grow to: 16 KiB of zeroes would be 16 MiB. */
const unpackedBytesMax = 10 * 1024 * 1024
/** Multipart within multipart, as cloud-init's own tools nest it. */
const depthMax = 4

/** How the first line of content names its type, and the MIME types that say so. */
const beginnings: readonly (readonly [beginning: string, contentType: string, type: PartType])[] = [
  ['#!', 'text/x-shellscript', 'script'],
  ['#cloud-config', 'text/cloud-config', 'cloud-config'],
  ['#cloud-boothook', 'text/cloud-boothook', 'boothook'],
  ['#include-once', 'text/x-include-once-url', 'unsupported'],
  ['#include', 'text/x-include-url', 'unsupported'],
  ['#upstart-job', 'text/upstart-job', 'unsupported'],
  ['#part-handler', 'text/part-handler', 'unsupported'],
  ['#cloud-config-archive', 'text/cloud-config-archive', 'unsupported'],
  ['## template: jinja', 'text/jinja2', 'unsupported'],
]

/** cloud-init's word for content that is nothing it knows. */
const nothingKnown = 'text/x-not-multipart'

/** The parts of user data in their order. Throws an Error with a person's words when gzip or MIME is broken. */
export function readUserData(bytes: Buffer): readonly Part[] {
  return partsOf(unpacked(bytes), 0).map((part, index) => ({
    ...part,
    name: part.name || `part-${String(index + 1).padStart(3, '0')}`,
  }))
}

function partsOf(bytes: Buffer, depth: number): readonly Part[] {
  const text = bytes.toString('latin1')
  if (!/^(?:content-type:|mime-version:)/i.test(text)) {
    return bytes.length === 0 ? [] : [partOf(bytes, '', '')]
  }
  if (depth >= depthMax) throw new Error(`multipart user data is nested deeper than ${depthMax}`)
  const { head, body } = headAndBody(text)
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(head.get('content-type') ?? '')
  const border = boundary?.[1] ?? boundary?.[2]
  if (border === undefined) return [entityPart(head, body)]
  return entities(body, border).flatMap((entity) => {
    const inner = headAndBody(entity)
    return /^multipart\//i.test(inner.head.get('content-type') ?? '')
      ? partsOf(Buffer.from(entity, 'latin1'), depth + 1)
      : [entityPart(inner.head, inner.body)]
  })
}

/** What lies between the borders. */
function entities(body: string, border: string): readonly string[] {
  const found: string[] = []
  let current: string[] | undefined
  for (const line of body.split('\n')) {
    const bare = line.trimEnd()
    if (bare !== `--${border}` && bare !== `--${border}--`) {
      current?.push(line)
      continue
    }
    if (current) found.push(current.join('\n'))
    if (bare.endsWith(`${border}--`)) return found
    current = []
  }
  throw new Error('multipart user data ends without its last boundary')
}

function headAndBody(text: string): { head: ReadonlyMap<string, string>; body: string } {
  const end = /\r?\n\r?\n/.exec(text)
  const lines = text.slice(0, end?.index ?? text.length).replaceAll(/\r?\n[ \t]+/g, ' ')
  const head = new Map(
    lines.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const
    }),
  )
  return { head, body: end ? text.slice(end.index + end[0].length) : '' }
}

function entityPart(head: ReadonlyMap<string, string>, body: string): Part {
  const encoding = head.get('content-transfer-encoding')?.toLowerCase() ?? '7bit'
  const name = /filename=(?:"([^"]+)"|([^\s;]+))/i.exec(head.get('content-disposition') ?? '')
  const contentType = (head.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  return partOf(unpacked(decoded(body, encoding)), contentType, name?.[1] ?? name?.[2] ?? '')
}

function decoded(body: string, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body, 'base64')
  if (encoding !== 'quoted-printable') return Buffer.from(body, 'latin1')
  const text = body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number(`0x${hex}`)))
  return Buffer.from(text, 'latin1')
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  return gunzipSync(bytes, { maxOutputLength: unpackedBytesMax })
}

/** A type that MIME names wins over the first line, but for the plain ones, which say nothing. */
function partOf(content: Buffer, declared: string, fileName: string): Part {
  const name = fileName.replaceAll(/[^A-Za-z0-9._-]/g, '_')
  const known = beginnings.find(([, contentType]) => contentType === declared)
  const isPlain = declared === '' || declared === 'text/plain' || declared.includes('octet-stream')
  const start = content.subarray(0, 40).toString('latin1').trimStart()
  const begun = isPlain ? longestBeginning(start) : known
  const [, contentType, type] = begun ?? ['', declared || nothingKnown, 'unknown' as const]
  return { type, name, content, contentType }
}

function longestBeginning(start: string) {
  const fitting = beginnings.filter(([beginning]) => start.startsWith(beginning))
  return fitting.toSorted((a, b) => b[0].length - a[0].length)[0]
}
