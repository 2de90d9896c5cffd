import { constants, type OutgoingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AccessRecord } from './access-record.ts'
import type { BodyReader } from './body-reader.ts'
import type { ExchangeClient } from './exchange-client.ts'
import { Exchange } from './exchange.ts'
import type { LocalResponse } from './local-response.ts'
import type { RequestHead } from './request-head.ts'
import type { ResponseHead } from './response-head.ts'
import { hasEndedWell, resetStream } from './reset-stream.ts'
import type { ForwardRoute, Router } from './route.ts'
import { answerHeaders } from './stream-head.ts'

/** A request as it came on a stream. */
export interface StreamRequest {
  readonly stream: ServerHttp2Stream
  readonly router: Router
  readonly head: RequestHead
  /** When requests are recorded. */
  readonly record: AccessRecord | undefined
}

/** One request of an HTTP/2 client that goes to an HTTP/1.1 target. */
export class StreamClient implements ExchangeClient {
  readonly router: Router
  readonly shouldCloseAfter = false
  readonly record: AccessRecord | undefined
  private readonly stream: ServerHttp2Stream
  private readonly exchange: Exchange
  private held: Buffer[] = []
  private hasEnded = false
  private isHeldBack = false
  private isOver = false

  constructor({ stream, router, record, head }: StreamRequest, route: ForwardRoute) {
    this.stream = stream
    this.router = router
    this.record = record
    this.exchange = new Exchange(this, head, route)
    stream
      .on('data', (bytes: Buffer) => this.take(bytes))
      .on('end', () => this.onEnd())
      .on('drain', () => this.exchange.onClientDrain())
      .on('close', () => this.onClose())
    stream.setTimeout(router.idleMilliseconds, () => {
      if (!this.isOver) this.exchange.onClientSilent()
    })
    this.exchange.begin()
  }

  private take(bytes: Buffer): void {
    if (this.isOver) return
    this.record?.take(bytes.length)
    this.held.push(bytes)
    this.pump()
  }

  pump(): void {
    const { exchange } = this
    while (!this.isOver && !this.isHeldBack && this.held.length > 0 && exchange.wantsBytes) {
      const bytes = this.held.shift()!
      // More than was announced: neither side may take it for another request.
      if (exchange.read(bytes) < bytes.length && !this.isOver) this.refuse()
    }
    if (this.isOver) return
    if (this.hasEnded && this.held.length === 0 && exchange.wantsBytes && !exchange.endBody()) {
      this.refuse()
      return
    }
    if (this.held.length > 0 || this.isHeldBack) this.stream.pause()
    else if (this.stream.isPaused()) this.stream.resume()
  }

  private onEnd(): void {
    if (!hasEndedWell(this.stream)) return
    this.hasEnded = true
    this.pump()
  }

  private refuse(): void {
    this.isOver = true
    this.exchange.abort()
    resetStream(this.stream)
  }

  holdBack(isHeldBack: boolean): void {
    if (this.isHeldBack === isHeldBack) return
    this.isHeldBack = isHeldBack
    this.pump()
  }

  answerHead(head: ResponseHead, added: string): void {
    const headers = answerHeaders(head, added)
    if (head.status < 200) {
      sendInterim(this.stream, headers)
      return
    }
    recordHead(this.record, headers)
    if (!sendHead(this.stream, headers)) this.destroy()
  }

  write(content: Buffer | string): boolean {
    if (this.isOver || this.stream.destroyed) return true
    if (this.record !== undefined) this.record.sent += content.length
    return this.stream.write(typeof content === 'string' ? Buffer.from(content, 'latin1') : content)
  }

  cork(): void {
    this.stream.cork()
  }

  uncork(): void {
    this.stream.uncork()
  }

  respondInstead(response: LocalResponse, head: RequestHead): void {
    this.isOver = true
    const { stream, router, record } = this
    respondLocally({ stream, router, record }, response, head.method)
  }

  done(_isLast: boolean, body: BodyReader): void {
    this.isOver = true
    finish(this.stream, body.done)
  }

  close(): void {
    this.destroy()
  }

  destroy(): void {
    this.isOver = true
    resetStream(this.stream)
  }

  /** There are no tunnels here. */
  endTunnel(): void {
    this.destroy()
  }

  private onClose(): void {
    this.isOver = true
    this.held = []
    this.exchange.abort()
  }
}

/** Our own answer on a stream whose request may be unread. */
export function respondLocally(
  { stream, router, record }: Omit<StreamRequest, 'head'>,
  response: LocalResponse,
  method: string,
): void {
  const { status, body, contentType } = response
  router.responded?.(status)
  const headers: OutgoingHttpHeaders = { ':status': status, server: router.serverName }
  const hasBody = status !== 204 && status !== 304
  if (hasBody) {
    if (body !== '') headers['content-type'] = contentType
    headers['content-length'] = Buffer.byteLength(body)
  }
  for (const [name, value] of response.headers ?? []) headers[name.toLowerCase()] = value
  const isShown = hasBody && method !== 'HEAD'
  record?.respond(status, `${textOf(headers)}${isShown ? body : ''}`)
  if (!sendHead(stream, headers)) {
    resetStream(stream)
    return
  }
  if (isShown) stream.write(body)
  finish(stream, stream.readableEnded)
}

/** A head as long as its fields are, whatever compression makes of it. */
function textOf(headers: OutgoingHttpHeaders): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}

export function recordHead(record: AccessRecord | undefined, headers: OutgoingHttpHeaders): void {
  if (record === undefined) return
  const bytes = textOf(headers).length
  record.sent += bytes
  record.answerBegun(bytes)
}

/** Ends the answer; what of the request is still to come is not wanted (RFC 9113 §8.1). */
function finish(stream: ServerHttp2Stream, isRead: boolean): void {
  stream.end()
  stream.resume()
  if (!isRead) stream.close(constants.NGHTTP2_NO_ERROR)
}

/** False when the head cannot be said in HTTP/2, or nobody is there to hear it. */
export function sendHead(
  stream: ServerHttp2Stream,
  headers: OutgoingHttpHeaders,
  options: { waitForTrailers?: boolean } = {},
): boolean {
  if (stream.destroyed || stream.closed || stream.headersSent) return false
  try {
    stream.respond(headers, options)
    return true
  } catch {
    return false
  }
}

/** A head before the answer, such as 100 or 103; one that cannot be said is left out. */
export function sendInterim(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return
  try {
    stream.additionalHeaders(headers)
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
  }
}
