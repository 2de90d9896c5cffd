import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { Log } from '../kernel/ports.ts'
import { s3Faults } from './faults.ts'
import { drainBytesMax } from './limits.ts'
import type { Reply } from './reply.ts'
import type { WireRequest } from './wire.ts'

/** Carries one HTTP request to the wire and its reply back. Bodies stream in both directions. */
export async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: (request: WireRequest) => Promise<Reply>,
  log: Log,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort()
  })
  try {
    const reply = await exchange({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: headersOf(request),
      body: bodyOf(request, response),
      clientAddress: request.socket.remoteAddress ?? '',
      signal: gone.signal,
    })
    await send(request, response, reply)
  } catch (thrown) {
    if (!gone.signal.aborted) {
      log.write('warn', 'a reply could not be sent', {
        url: request.url?.split('?')[0],
        error: thrown instanceof Error ? thrown.message : String(thrown),
      })
    }
    response.destroy()
  }
}

/** The body, asked for when it is first read: a client that waits for `100 Continue` is not told to send what nobody reads. */
async function* bodyOf(
  request: IncomingMessage,
  response: ServerResponse,
): AsyncGenerator<Uint8Array> {
  if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue()
  try {
    // Not destroyed by a reader that stops early: the reply still goes out on this connection.
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch {
    throw s3Faults.incompleteBody('The connection was closed before the body was whole.')
  }
}

/** Node reads headers as Latin-1; UTF-8 in them, as in S3's metadata, is put right. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined) continue
    headers[name] = utf8Of(typeof value === 'string' ? value : value.join(','))
  }
  return headers
}

const beyondAscii = /[\u0080-\u00ff]/

function utf8Of(text: string): string {
  if (!beyondAscii.test(text)) return text
  const decoded = Buffer.from(text, 'latin1').toString('utf8')
  return decoded.includes('\ufffd') ? text : decoded
}

const bodilessStatuses = new Set([204, 304])

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): Promise<void> {
  const { status, headers, body } = reply
  const isBodiless = request.method === 'HEAD' || bodilessStatuses.has(status)
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, latin1Of(value))
  }
  if (!request.complete) abandonBody(request, response)
  if (isBodiless) {
    if (body instanceof Readable) body.destroy()
    response.writeHead(status).end()
    return
  }
  if (body instanceof Readable) {
    response.writeHead(status)
    await pipeline(body, response)
    return
  }
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.writeHead(status)
  if (!request.complete && !response.shouldKeepAlive && request.headers.expect === undefined) {
    // The end of the reply ends the connection, and the client is still writing.
    response.write(body)
    await finished(request).catch(() => {})
    response.end()
    return
  }
  response.end(body)
}

/** Header text goes out as UTF-8 bytes; line breaks cannot be in it. */
function latin1Of(value: string): string {
  const text = value.replace(/\p{Cc}+/gu, ' ')
  return /[\u0080-\uffff]/.test(text) ? Buffer.from(text).toString('latin1') : text
}

/**
 * The reply comes before the body has been read. What is on its way is thrown away, up to a bound: a connection that is closed at once is
 * reset, and the client never sees the reply. One that still waits for `100 Continue` sends nothing, or its next request, so
 * that connection ends.
 */
function abandonBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect !== undefined) response.shouldKeepAlive = false
  let drained = 0
  request.on('data', (piece: Buffer) => {
    drained += piece.length
    if (drained > drainBytesMax) request.destroy()
  })
  request.on('error', () => {})
  request.resume()
}
