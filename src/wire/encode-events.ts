import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { present } from '../kernel/assert.ts'
import type { AwsError } from '../kernel/errors.ts'
import { requestIdHeaders } from './encode-reply.ts'
import { encodeJson } from './json-encode.ts'
import type { ModelHead, OperationModel } from './model.ts'
import type { Reply } from './reply.ts'
import type { Protocol } from './service.ts'
import { eventStreamOf, hasEventStream, type Fields, type StructureShape } from './shape.ts'

const contentType = 'application/vnd.amazon.eventstream'
const jsonType = 'application/json'
/** The type of a header's value: text. */
const textType = 7

/** Whether we can carry the operation's streams of events, if it has any: only to the client, and only in JSON. */
export function speaksEvents(protocol: Protocol, operation: OperationModel): boolean {
  if (hasEventStream(operation.input)) return false
  return !hasEventStream(operation.output) || protocol === 'awsJson1_0' || protocol === 'awsJson1_1'
}

/**
 * An output whose streaming member is an async iterable of events, `{ sessionUpdate: … }`. What it throws ends the stream: as the exception
 * that the model has for it, else as an error. `asError` turns what is not an `AwsError` into one.
 * https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function encodeEvents(
  head: ModelHead,
  operation: OperationModel,
  answer: { readonly output: Fields; readonly requestId: string },
  asError: (thrown: unknown) => AwsError,
): Reply {
  const member = present(eventStreamOf(operation.output), `${operation.name} has no event stream`)
  const union = member.shape as StructureShape
  const { [member.name]: events, ...initial } = answer.output
  async function* messages(): AsyncGenerator<Buffer> {
    yield eventMessage('initial-response', encodeJson(operation.output, initial, 'names'))
    try {
      for await (const event of events as AsyncIterable<Fields>) {
        for (const { name, shape } of union.members) {
          const value = event[name]
          if (value === undefined) continue
          yield eventMessage(name, encodeJson(shape as StructureShape, value as Fields, 'names'))
        }
      }
    } catch (thrown) {
      yield failureMessage(union, asError(thrown))
    }
  }
  const headers = { ...requestIdHeaders(head, answer.requestId), 'Content-Type': contentType }
  return { status: 200, headers, body: Readable.from(messages(), { objectMode: false }) }
}

function eventMessage(type: string, payload: string): Buffer {
  const headers = { ':message-type': 'event', ':event-type': type, ':content-type': jsonType }
  return message(headers, payload)
}

function failureMessage(union: StructureShape, error: AwsError): Buffer {
  const isModelled = union.byName.has(error.code)
  if (!isModelled) {
    const headers = {
      ':message-type': 'error',
      ':error-code': error.code,
      ':error-message': error.message,
    }
    return message(headers, '')
  }
  const headers = {
    ':message-type': 'exception',
    ':exception-type': error.code,
    ':content-type': jsonType,
  }
  return message(headers, JSON.stringify({ ...error.fields, message: error.message }))
}

/** Lengths, their checksum, headers, payload, the checksum of all. */
function message(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)))
  const body = Buffer.from(payload)
  const bytes = Buffer.alloc(16 + head.length + body.length)
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.writeUInt32BE(head.length, 4)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
  head.copy(bytes, 12)
  body.copy(bytes, 12 + head.length)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4)
  return bytes
}

function header(name: string, value: string): Buffer {
  const [key, text] = [Buffer.from(name), Buffer.from(value).subarray(0, 0x7fff)]
  const bytes = Buffer.alloc(4 + key.length + text.length)
  bytes.writeUInt8(key.length, 0)
  key.copy(bytes, 1)
  bytes.writeUInt8(textType, 1 + key.length)
  bytes.writeUInt16BE(text.length, 2 + key.length)
  text.copy(bytes, 4 + key.length)
  return bytes
}
