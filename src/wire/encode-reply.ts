import { encodeCbor } from './cbor-write.ts'
import { encodeJson } from './json-encode.ts'
import type { ModelHead, OperationModel } from './model.ts'
import type { Reply } from './reply.ts'
import { encodeRest } from './rest-encode.ts'
import type { Protocol } from './service.ts'
import type { Fields } from './shape.ts'
import { membersXml, xmlDeclaration } from './xml-encode.ts'

/** An operation's output in the caller's protocol. */
export function encodeReply(
  head: ModelHead,
  protocol: Protocol,
  operation: OperationModel,
  answer: { readonly output: Fields; readonly requestId: string },
): Reply {
  const { output, requestId } = answer
  const shape = operation.output
  const headers = requestIdHeaders(head, requestId)
  switch (protocol) {
    case 'awsJson1_0':
    case 'awsJson1_1':
      headers['Content-Type'] = jsonContentType(protocol)
      return { status: 200, headers, body: encodeJson(shape, output, 'names') }
    case 'rpcv2Cbor':
      headers['smithy-protocol'] = 'rpc-v2-cbor'
      headers['Content-Type'] = 'application/cbor'
      return { status: 200, headers, body: encodeCbor(shape, output) }
    case 'awsQuery': {
      headers['Content-Type'] = 'text/xml'
      const { name } = operation
      const result = shape.isUnit
        ? ''
        : `<${name}Result>${membersXml(shape, output)}</${name}Result>`
      const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`
      const body = `<${name}Response xmlns="${head.xmlNamespace ?? ''}">${result}${metadata}</${name}Response>`
      return { status: 200, headers, body }
    }
    case 'ec2Query': {
      headers['Content-Type'] = 'text/xml;charset=UTF-8'
      const { name } = operation
      const result = shape.isUnit ? '<return>true</return>' : membersXml(shape, output)
      const body = `${xmlDeclaration}<${name}Response xmlns="${head.xmlNamespace ?? ''}/"><requestId>${requestId}</requestId>${result}</${name}Response>`
      return { status: 200, headers, body }
    }
    case 'restJson1':
    case 'restXml': {
      const format = protocol === 'restXml' ? 'xml' : 'json'
      const reply = encodeRest(head, operation, output, format)
      return { ...reply, headers: { ...headers, ...reply.headers } }
    }
  }
}

export function jsonContentType(protocol: 'awsJson1_0' | 'awsJson1_1'): string {
  return protocol === 'awsJson1_0' ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1'
}

/** Every reply has its id; S3's headers for it have names of their own. */
export function requestIdHeaders(head: ModelHead, requestId: string): Record<string, string> {
  return head.noErrorWrapping
    ? { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }
    : { 'x-amzn-RequestId': requestId }
}
