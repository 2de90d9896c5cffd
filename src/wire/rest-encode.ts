import type { Readable } from 'node:stream'
import { encodeJson, isAbsent, jsonValue, plainText } from './json-encode.ts'
import type { ModelHead, OperationModel } from './model.ts'
import type { Reply } from './reply.ts'
import { isInBody } from './rest-decode.ts'
import type { Fields, Member, StructureShape } from './shape.ts'
import { escapeXml, membersXml, scalarText, xmlDeclaration } from './xml-encode.ts'

export type RestFormat = 'json' | 'xml'

const noContent = 204

/** An operation's output as status, headers and body. */
export function encodeRest(
  head: ModelHead,
  operation: OperationModel,
  output: Fields,
  format: RestFormat,
): Reply {
  const shape = operation.output
  const headers = boundHeaders(shape, output)
  let status = operation.traits.http?.[2] ?? 200
  for (const member of shape.members) {
    const value = output[member.name]
    if (member.traits.httpResponseCode && typeof value === 'number') status = value
  }
  const payload = shape.members.find((member) => member.traits.httpPayload)
  if (payload) return encodePayload({ head, payload, output, status, headers, format })
  const hasBody = shape.members.some(isInBody)
  if (format === 'xml') {
    if (!hasBody) return { status, headers, body: '' }
    headers['Content-Type'] = 'application/xml'
    return { status, headers, body: xmlDeclaration + bodyXml(head, operation, output) }
  }
  if (!hasBody && status === noContent) return { status, headers, body: '' }
  headers['Content-Type'] = 'application/json'
  return { status, headers, body: encodeJson(bodyShape(shape), output, 'jsonNames') }
}

/** The members that headers carry. */
export function boundHeaders(shape: StructureShape, output: Fields): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const member of shape.members) {
    const value = output[member.name]
    if (isAbsent(value)) continue
    const { httpHeader, httpPrefixHeaders } = member.traits
    if (httpHeader) headers[httpHeader] = headerText(member, value)
    else if (httpPrefixHeaders !== undefined) {
      for (const [name, text] of Object.entries(value as Fields)) {
        headers[httpPrefixHeaders + name] = plainText(text)
      }
    }
  }
  return headers
}

function headerText(member: Member, value: unknown): string {
  const { shape } = member
  if (shape.kind !== 'list') return scalarText(shape, value, 'http-date')
  return (value as readonly unknown[])
    .map((item) => scalarText(shape.item.shape, item, 'http-date'))
    .join(', ')
}

function encodePayload(answer: {
  readonly head: ModelHead
  readonly payload: Member
  readonly output: Fields
  readonly status: number
  readonly headers: Record<string, string>
  readonly format: RestFormat
}): Reply {
  const { head, payload, output, status, headers, format } = answer
  const value = output[payload.name]
  if (isAbsent(value)) return { status, headers, body: '' }
  const { shape } = payload
  if (shape.kind === 'blob' || shape.kind === 'string') {
    headers['Content-Type'] ??= shape.kind === 'blob' ? 'application/octet-stream' : 'text/plain'
    return { status, headers, body: value as Readable | Buffer | string }
  }
  if (format === 'json' || shape.kind !== 'structure') {
    headers['Content-Type'] = 'application/json'
    return { status, headers, body: JSON.stringify(jsonValue(shape, value, 'jsonNames')) }
  }
  headers['Content-Type'] = 'application/xml'
  const name = payload.traits.xmlName ?? shape.traits.xmlName ?? shape.name
  const inner = membersXml(shape, value as Fields)
  return { status, headers, body: xmlDeclaration + rootXml(name, head.xmlNamespace, inner) }
}

/**
 * GetBucketLocation is the one operation whose only member is the root itself; the schemas do not say so
 * (Smithy's trait `s3UnwrappedXmlOutput`).
 */
function bodyXml(head: ModelHead, operation: OperationModel, output: Fields): string {
  if (head.id === 's3' && operation.name === 'GetBucketLocation') {
    const location = escapeXml(plainText(output['LocationConstraint'] ?? ''))
    return rootXml('LocationConstraint', head.xmlNamespace, location)
  }
  const shape = operation.output
  const inner = membersXml(shape, output, isInBody)
  return rootXml(shape.traits.xmlName ?? shape.name, head.xmlNamespace, inner)
}

function rootXml(name: string, namespace: string | undefined, inner: string): string {
  const attribute = namespace ? ` xmlns="${namespace}"` : ''
  return `<${name}${attribute}>${inner}</${name}>`
}

const bodyShapes = new WeakMap<StructureShape, StructureShape>()

function bodyShape(shape: StructureShape): StructureShape {
  let body = bodyShapes.get(shape)
  if (!body) {
    body = { ...shape, members: shape.members.filter(isInBody) }
    bodyShapes.set(shape, body)
  }
  return body
}
