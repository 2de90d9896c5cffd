import type { Readable } from 'node:stream'
import { emptyMap, type Decoding } from './decoding.ts'
import type { Pair } from './form.ts'
import { decodeJson, decodeJsonStructure, parseJson } from './json-decode.ts'
import { Malformed, readingParameter } from './malformed.ts'
import { readText } from './query-decode.ts'
import type { Fields, Member, Shape, StructureShape } from './shape.ts'
import { decodeXml, decodeXmlStructure } from './xml-decode.ts'
import { parseXml } from './xml-parse.ts'

export interface RestInput {
  readonly labels: Readonly<Record<string, string>>
  readonly query: readonly Pair[]
  readonly headers: Readonly<Record<string, string>>
  readonly bucket: string | undefined
  /** Bytes, or the stream of a streamed payload. */
  readonly body: Buffer | Readable
  readonly format: 'json' | 'xml'
}

/** A REST request's path, query, headers and body as the operation's typed input. */
export function decodeRest(shape: StructureShape, request: RestInput, decoding: Decoding): Fields {
  const decoded: Fields = {}
  let inBody = false
  for (const member of shape.members) {
    if (member.traits.httpPayload) {
      const value = decodePayload(member, request, decoding)
      if (value !== undefined) decoded[member.name] = value
    } else if (isInBody(member)) inBody = true
    else {
      const value = readingParameter(member.name, () => decodeBound(shape, member, request))
      if (value !== undefined) decoded[member.name] = value
    }
  }
  if (inBody && Buffer.isBuffer(request.body) && request.body.length > 0) {
    const body = decodeBody(shape, request.body, request.format, decoding)
    for (const [name, value] of Object.entries(body)) {
      const member = shape.byName.get(name)
      if (member && isInBody(member)) decoded[name] = value
    }
  }
  return decoded
}

export function isInBody({ traits }: Member): boolean {
  return !(
    traits.httpLabel ||
    traits.httpQuery ||
    traits.httpHeader ||
    traits.httpPrefixHeaders !== undefined ||
    traits.httpQueryParams ||
    traits.httpResponseCode ||
    traits.httpPayload
  )
}

function decodeBody(
  shape: StructureShape,
  body: Buffer,
  format: 'json' | 'xml',
  decoding: Decoding,
): Fields {
  const text = body.toString('utf8')
  return format === 'xml'
    ? decodeXmlStructure(shape, parseXml(text), decoding)
    : decodeJsonStructure(shape, parseJson(text), 'jsonNames', decoding)
}

function decodePayload(member: Member, request: RestInput, decoding: Decoding): unknown {
  const { body } = request
  if (member.shape.kind === 'blob') return body
  if (!Buffer.isBuffer(body)) throw new Malformed('the body cannot be streamed')
  const text = body.toString('utf8')
  if (member.shape.kind === 'string') return text
  if (body.length === 0) return undefined
  return request.format === 'xml'
    ? decodeXml(member.shape, parseXml(text), decoding)
    : decodeJson(member.shape, parseJson(text), 'jsonNames', decoding)
}

/** A member that the path, the query or a header carries. */
function decodeBound(shape: StructureShape, member: Member, request: RestInput): unknown {
  const { traits } = member
  if (traits.httpLabel) {
    const isBucket = member.name === 'Bucket' && request.bucket !== undefined
    const text = isBucket ? request.bucket : request.labels[member.name]
    return text === undefined ? undefined : readText(member.shape, text)
  }
  if (traits.httpQuery) return decodeQueryMember(member.shape, traits.httpQuery, request.query)
  if (traits.httpQueryParams) return decodeOtherQuery(shape, member.shape, request.query)
  if (traits.httpPrefixHeaders !== undefined) {
    return decodePrefixed(traits.httpPrefixHeaders.toLowerCase(), request.headers)
  }
  const header = traits.httpHeader && request.headers[traits.httpHeader.toLowerCase()]
  return header === undefined ? undefined : decodeHeader(member.shape, header)
}

function decodeQueryMember(shape: Shape, name: string, query: readonly Pair[]): unknown {
  const texts = query.filter(([key]) => key === name).map(([, text]) => text)
  const [first] = texts
  if (first === undefined) return undefined
  if (shape.kind === 'list') return texts.map((text) => readText(shape.item.shape, text))
  return readText(shape, first)
}

/** All query parameters that no other member claims. */
function decodeOtherQuery(structure: StructureShape, shape: Shape, query: readonly Pair[]): Fields {
  const claimed = new Set(structure.members.map(({ traits }) => traits.httpQuery))
  const holdsLists = shape.kind === 'map' && shape.value.shape.kind === 'list'
  const decoded = emptyMap()
  for (const [name, text] of query) {
    if (claimed.has(name)) continue
    if (!holdsLists) decoded[name] = text
    else {
      const texts = decoded[name]
      decoded[name] = Array.isArray(texts) ? [...(texts as unknown[]), text] : [text]
    }
  }
  return decoded
}

function decodePrefixed(
  prefix: string,
  headers: Readonly<Record<string, string>>,
): Fields | undefined {
  let decoded: Fields | undefined
  for (const [name, text] of Object.entries(headers)) {
    if (!name.startsWith(prefix)) continue
    decoded ??= emptyMap()
    decoded[name.slice(prefix.length)] = text
  }
  return decoded
}

function decodeHeader(shape: Shape, text: string): unknown {
  if (shape.kind !== 'list') return readText(shape, text)
  return text.split(',').map((item) => readText(shape.item.shape, item.trim()))
}
