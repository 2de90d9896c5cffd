import type { IncomingMessage, ServerResponse } from 'node:http'
import { readHandlePath } from '../stacks/handle-url.ts'
import {
  readResponsePath,
  type CustomRequests,
  type ResponseAddress,
} from '../stacks/custom-requests.ts'
import { readResponse } from '../stacks/domain/read-response.ts'
import type { SignalRecord, Signals } from '../stacks/signals.ts'
import type { WireListener } from './endpoint.ts'

/** AWS's quota of a signal's data. */
const bytesMax = 4096

/**
 * Takes `PUT {Status, UniqueId, Data, Reason}` at the address of a wait condition's handle. The address is the credential. As on AWS,
 * whose handles are presigned for no content type, a request that has one is refused.
 */
export function waitConditionDoor(signals: Signals, requests: CustomRequests): WireListener {
  return async (request, response) => {
    const text = await bodyOf(request)
    const asked = readResponsePath(request.url ?? '')
    if (asked) return takeResponse(requests, { request, response, text, asked })
    const address = readHandlePath(request.url ?? '')
    if (!address || (request.headers['content-type'] ?? '') !== '') {
      return refuse(response, 403, 'SignatureDoesNotMatch', signatureWords)
    }
    const signal = text === undefined ? undefined : signalOf(text)
    if (!signal) return refuse(response, 400, 'MalformedSignal', malformedWords)
    const answer = await signals.receive(address.scope, address, signal)
    if (answer === 'closed') {
      return refuse(response, 403, 'AccessDenied', 'There is no such wait condition handle.')
    }
    response.writeHead(200, { 'content-length': 0 }).end()
  }
}

/**
 * The answer of who makes a custom resource. One that cannot be read is an answer too, as on AWS: the resource fails, and says why.
 */
async function takeResponse(
  requests: CustomRequests,
  at: {
    readonly request: IncomingMessage
    readonly response: ServerResponse
    readonly text: string | undefined
    readonly asked: ResponseAddress
  },
): Promise<void> {
  const { request, response, text, asked } = at
  if ((request.headers['content-type'] ?? '') !== '') {
    return refuse(response, 403, 'SignatureDoesNotMatch', signatureWords)
  }
  const isLong = text === undefined || !isStorable(text)
  const answer = isLong ? unreadable : readResponse(parsed(text))
  if (!(await requests.answer(asked, answer))) {
    return refuse(response, 403, 'AccessDenied', 'Nothing was asked at this address.')
  }
  response.writeHead(200, { 'content-length': 0 }).end()
}

const unreadable = {
  isSuccess: false,
  reason: 'Response object is too long.',
  data: {},
  isHidden: false,
} as const

const signatureWords =
  'The request signature does not match: the address must be used as it is, with an empty or absent Content-Type.'
const malformedWords =
  'A signal is JSON of at most 4096 bytes: {"Status": "SUCCESS" or "FAILURE", "UniqueId": "…", "Data": "…", "Reason": "…"}'

/** Undefined when it is too long. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array)
    size += bytes.length
    if (size <= bytesMax) chunks.push(bytes)
  }
  return size > bytesMax ? undefined : Buffer.concat(chunks).toString('utf8')
}

function signalOf(text: string): Omit<SignalRecord, 'at'> | undefined {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null || !isStorable(text)) return undefined
  const { Status, UniqueId, Data, Reason }: Readonly<Record<string, unknown>> = { ...value }
  const status = Status === 'SUCCESS' || Status === 'FAILURE' ? Status : undefined
  if (!status || typeof UniqueId !== 'string' || UniqueId === '') return undefined
  return {
    uniqueId: UniqueId,
    status,
    ...(Data === undefined ? {} : { data: textOf(Data) }),
    ...(Reason === undefined ? {} : { reason: textOf(Reason) }),
  }
}

/** No store of JSON takes a zero character or half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !/\\u(0000|d[89a-f])/i.test(text)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const escaped = message.replaceAll('"', '&quot;')
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escaped}</Message></Error>`
  response
    .writeHead(status, {
      'content-type': 'application/xml',
      'content-length': Buffer.byteLength(text),
    })
    .end(text)
}
