import type { AwsError } from '../kernel/errors.ts'
import { encodeCbor } from './cbor-write.ts'
import { jsonContentType, requestIdHeaders } from './encode-reply.ts'
import { jsonValue, plainText } from './json-encode.ts'
import type { ModelHead } from './model.ts'
import type { Reply } from './reply.ts'
import { isInBody } from './rest-decode.ts'
import { boundHeaders } from './rest-encode.ts'
import type { Protocol } from './service.ts'
import { scalar, memberOf, unit } from './shape.ts'
import type { Fields, StructureShape } from './shape.ts'
import { noTraits } from './traits.ts'
import { escapeXml, membersXml, xmlDeclaration } from './xml-encode.ts'

/** An error on its way out. */
export interface ErrorReply {
  readonly head: ModelHead
  readonly protocol: Protocol
  /** The model's shape of the error's code, where it has one. */
  readonly shape: StructureShape | undefined
  readonly error: AwsError
  readonly requestId: string
  /** The path, for S3's `Resource`. */
  readonly resource: string
}

interface Parts extends ErrorReply {
  readonly status: number
  /** The query protocol's code. */
  readonly code: string
  readonly blame: 'Sender' | 'Receiver'
  readonly fields: Fields
  readonly headers: Record<string, string>
}

/** The error in the caller's protocol: code, status, message and the further members of its shape. */
export function encodeError(reply: ErrorReply): Reply {
  const { head, protocol, error, requestId } = reply
  const status = statusOf(reply)
  const parts: Parts = {
    ...reply,
    status,
    code: errorCodeOf(reply),
    blame: status < 500 ? 'Sender' : 'Receiver',
    fields: { ...error.fields, message: error.message, Message: error.message },
    headers: requestIdHeaders(head, requestId),
  }
  switch (protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
      return jsonError(parts, protocol)
    case 'rpcv2Cbor':
      return cborError(parts)
    case 'awsQuery':
      return wrappedXmlError(parts)
    case 'ec2Query':
      return ec2Error(parts)
    case 'restXml':
      return head.noErrorWrapping ? s3Error(parts) : wrappedXmlError(parts)
    case 'restJson1':
      return restJsonError(parts)
  }
}

/** The query protocol's code. */
export function errorCodeOf({ shape, error }: ErrorReply): string {
  return shape?.traits.awsQueryError?.[0] ?? error.code
}

export function statusOf({ head, protocol, shape, error }: ErrorReply): number {
  const speaksQuery =
    protocol === 'awsQuery' || protocol === 'ec2Query' || head.queryCompatible === true
  return (
    error.status ??
    (speaksQuery ? shape?.traits.awsQueryError?.[1] : undefined) ??
    shape?.traits.httpError ??
    (shape?.traits.error === 'server' ? 500 : 400)
  )
}

/** Old clients of services that once spoke query know the query codes. */
function compatible({ head, code, blame }: Parts): Record<string, string> {
  return head.queryCompatible ? { 'x-amzn-query-error': `${code};${blame}` } : {}
}

function typeName(parts: Parts): string {
  return parts.shape ? `${parts.head.namespace}#${parts.error.code}` : parts.error.code
}

function jsonError(parts: Parts, protocol: 'awsJson1_0' | 'awsJson1_1'): Reply {
  const { shape, error, fields, status } = parts
  const __type = protocol === 'awsJson1_0' ? typeName(parts) : error.code
  const members = shape ? (jsonValue(shape, fields, 'names') as Fields) : {}
  const body: Fields = { __type, ...members }
  if (body['Message'] === undefined) body['message'] ??= error.message
  const headers = {
    ...parts.headers,
    'Content-Type': jsonContentType(protocol),
    ...compatible(parts),
  }
  return { status, headers, body: JSON.stringify(body) }
}

function restJsonError(parts: Parts): Reply {
  const { shape, error, fields, status } = parts
  const body = shape
    ? jsonValue({ ...shape, members: shape.members.filter(isInBody) }, fields, 'jsonNames')
    : { message: error.message }
  const headers = {
    ...parts.headers,
    ...(shape ? boundHeaders(shape, fields) : {}),
    'x-amzn-ErrorType': error.code,
    'Content-Type': 'application/json',
  }
  return { status, headers, body: JSON.stringify(body) }
}

/** Of an error that the model does not know. */
const plainError: StructureShape = {
  ...unit,
  name: 'PlainError',
  isUnit: false,
  members: [memberOf('message', scalar('string'), noTraits)],
}

function cborError(parts: Parts): Reply {
  const headers = {
    ...parts.headers,
    'smithy-protocol': 'rpc-v2-cbor',
    'Content-Type': 'application/cbor',
    ...compatible(parts),
  }
  const body = encodeCbor(parts.shape ?? plainError, parts.fields, { __type: typeName(parts) })
  return { status: parts.status, headers, body }
}

/** The further members, as elements beside Code and Message; also those that the model does not have, such as S3's `HeadersNotSigned`. */
function memberElements({ shape, fields, error }: Parts): string {
  let xml = shape
    ? membersXml(
        shape,
        fields,
        (member) => !/^message$/i.test(member.name) && !member.traits.httpHeader,
      )
    : ''
  for (const [name, value] of Object.entries(error.fields)) {
    if (shape?.byName.has(name) || typeof value === 'object') continue
    xml += `<${name}>${escapeXml(plainText(value))}</${name}>`
  }
  return xml
}

function wrappedXmlError(parts: Parts): Reply {
  const { head, blame, code, error, requestId } = parts
  const inner = `<Type>${blame}</Type><Code>${escapeXml(code)}</Code><Message>${escapeXml(error.message)}</Message>${memberElements(parts)}`
  const body = `<ErrorResponse xmlns="${head.xmlNamespace ?? ''}"><Error>${inner}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  return xmlReply(parts, 'text/xml', body)
}

function ec2Error(parts: Parts): Reply {
  const { error, requestId } = parts
  const inner = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>`
  const body = `${xmlDeclaration}<Response><Errors><Error>${inner}</Error></Errors><RequestID>${requestId}</RequestID></Response>`
  return xmlReply(parts, 'text/xml;charset=UTF-8', body)
}

function s3Error(parts: Parts): Reply {
  const { error, requestId, resource } = parts
  const inner = `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>${memberElements(parts)}`
  const body = `${xmlDeclaration}<Error>${inner}<Resource>${escapeXml(resource)}</Resource><RequestId>${requestId}</RequestId><HostId>${requestId}</HostId></Error>`
  return xmlReply(parts, 'application/xml', body)
}

function xmlReply(parts: Parts, contentType: string, body: string): Reply {
  const bound = parts.shape ? boundHeaders(parts.shape, parts.fields) : {}
  return {
    status: parts.status,
    headers: { ...parts.headers, ...bound, 'Content-Type': contentType },
    body,
  }
}
