import { errorCodeOf, statusOf, type ErrorReply } from './encode-error.ts'
import { requestIdHeaders } from './encode-reply.ts'
import { jsonValue } from './json-encode.ts'
import type { ModelHead, OperationModel } from './model.ts'
import type { Reply } from './reply.ts'
import type { Fields } from './shape.ts'

/** The query protocol's answer with `ContentType=JSON`, which AWS documents nowhere and its tools inside machines ask for. */
export function encodeQueryJson(
  head: ModelHead,
  { name, output: shape }: OperationModel,
  { output, requestId }: { readonly output: Fields; readonly requestId: string },
): Reply {
  const result = shape.isUnit ? {} : { [`${name}Result`]: jsonValue(shape, output, 'names') }
  const body = { [`${name}Response`]: { ...result, ResponseMetadata: { RequestId: requestId } } }
  return reply(head, requestId, 200, body)
}

export function encodeQueryJsonError(refusal: ErrorReply): Reply {
  const { head, error, requestId } = refusal
  const status = statusOf(refusal)
  const Type = status < 500 ? 'Sender' : 'Receiver'
  const Error = { Code: errorCodeOf(refusal), Message: error.message, Type }
  return reply(head, requestId, status, { Error, RequestId: requestId })
}

function reply(head: ModelHead, requestId: string, status: number, body: object): Reply {
  const headers = { ...requestIdHeaders(head, requestId), 'Content-Type': 'application/json' }
  return { status, headers, body: JSON.stringify(body) }
}
