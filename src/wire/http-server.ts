import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { Log } from '../kernel/ports.ts'
import { IncomingBody } from './incoming-body.ts'
import { drainBytesMax, silentMillisecondsMax } from './limits.ts'
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
  const body = new IncomingBody(request, response)
  try {
    const reply = await exchange({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: headersOf(request),
      body,
      clientAddress: request.socket.remoteAddress ?? '',
      signal: gone.signal,
    })
    await send(request, response, { reply, isSilent: body.isSilent })
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

/** Node reads headers as Latin-1; UTF-8 in them, as in S3's metadata, is put right. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const name in request.headers) {
    const value = request.headers[name]
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
  { reply, isSilent }: { readonly reply: Reply; readonly isSilent: boolean },
): Promise<void> {
  const { status, body } = reply
  const headers: Record<string, string | number> = {}
  for (const name in reply.headers) headers[name] = latin1Of(reply.headers[name] ?? '')
  if (!request.complete) abandonBody(request, response)
  if (request.method === 'HEAD' || bodilessStatuses.has(status)) {
    if (body instanceof Readable) body.destroy()
    response.writeHead(status, headers).end()
    return
  }
  if (body instanceof Readable) {
    response.writeHead(status, headers)
    await pipeline(body, response)
    return
  }
  headers['Content-Length'] = Buffer.byteLength(body)
  if (isSilent) response.shouldKeepAlive = false
  response.writeHead(status, headers)
  const isStillSent = !request.complete && !isSilent && request.headers.expect === undefined
  if (isStillSent && !response.shouldKeepAlive) {
    // The end of the reply ends the connection, and the client is still writing.
    response.write(body)
    await finished(request).catch(() => {})
    response.end()
    return
  }
  response.end(body)
}

const printable = /^[\u0020-\u007e]*$/

/** Header text goes out as UTF-8 bytes; line breaks cannot be in it. */
function latin1Of(value: string): string {
  if (printable.test(value)) return value
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
  request.socket.setTimeout(silentMillisecondsMax)
  let drained = 0
  request.on('data', (piece: Buffer) => {
    drained += piece.length
    if (drained > drainBytesMax) request.destroy()
  })
  request.on('error', () => {})
  request.resume()
}
