import {
  constants,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AccessRecord } from './access-record.ts'
import { Attempts } from './attempts.ts'
import { errorPage, type LocalResponse } from './local-response.ts'
import { isIdempotent, type RequestHead } from './request-head.ts'
import { hasEndedWell, resetStream } from './reset-stream.ts'
import type { ForwardRoute, Router } from './route.ts'
import type { Lease } from './session-pool.ts'
import {
  recordHead,
  respondLocally,
  sendHead,
  sendInterim,
  type StreamRequest,
} from './stream-client.ts'
import { answerHeaders, readStreamAnswer, requestHeaders } from './stream-head.ts'
import type { Upstream } from './upstream.ts'

/** Bytes of a request kept so that it can be sent to another target. */
const keptBytesMax = 64 * 1024

type Failure = 'refused' | 'connect-timeout' | 'closed' | 'silent'

/** One request of an HTTP/2 client that goes on as HTTP/2: both bodies as they come, and their trailers. */
export class StreamRelay {
  private readonly client: ServerHttp2Stream
  private readonly router: Router
  private readonly head: RequestHead
  private readonly route: ForwardRoute
  private readonly record: AccessRecord | undefined
  private readonly attempts = new Attempts()
  private readonly startedAt = Date.now()
  private upstream: Upstream | undefined
  private lease: Lease | undefined
  private target: ClientHttp2Stream | undefined
  private kept: Buffer[] | undefined = []
  private keptBytes = 0
  private received = 0
  private hasEnded = false
  private trailers: OutgoingHttpHeaders = {}
  private answerTrailers: OutgoingHttpHeaders = {}
  private hasAnswered = false
  private isOver = false

  constructor({ stream, router, head, record }: StreamRequest, route: ForwardRoute) {
    const client = stream
    this.client = client
    this.router = router
    this.head = head
    this.record = record
    this.route = route
    this.hasEnded = head.framing === 0
    client
      .on('data', (bytes: Buffer) => this.take(bytes))
      .on('trailers', (trailers: IncomingHttpHeaders) => (this.trailers = plain(trailers)))
      .on('end', () => this.onEnd())
      .on('drain', () => this.target?.resume())
      .on('close', () => this.abort())
    client.setTimeout(router.idleMilliseconds, () => this.onSilence())
    // Nothing is read until there is somewhere to send it.
    client.pause()
    this.begin('refused')
  }

  private begin(failure: Failure): void {
    const upstream = this.attempts.next(this.route)
    if (upstream === undefined) {
      this.giveUp(failure)
      return
    }
    this.upstream = upstream
    upstream.sessions.acquire({
      onReady: (lease) => {
        if (this.isOver) lease.release()
        else this.send(upstream, lease)
      },
      onFailure: (refusal) => {
        if (!this.isOver) this.begin(refusal)
      },
    })
  }

  private send(upstream: Upstream, lease: Lease): void {
    const headers = requestHeaders(this.route.head, this.head)
    const endStream = this.head.framing === 0
    let target: ClientHttp2Stream
    try {
      target = lease.session.request(headers, { endStream, waitForTrailers: !endStream })
    } catch {
      lease.release()
      this.begin('refused')
      return
    }
    this.lease = lease
    this.target = target
    this.record?.dispatched(upstream.address)
    target.setTimeout(this.router.idleMilliseconds, () => this.fail(target, 'silent'))
    target
      .on('headers', (interim: IncomingHttpHeaders) => this.passInterim(interim))
      .on('response', (answer: IncomingHttpHeaders, _flags: number, raw: string[]) =>
        this.answer(upstream, Number(answer[':status']), raw),
      )
      .on('data', (bytes: Buffer) => {
        if (this.client.destroyed) return
        if (this.record !== undefined) this.record.sent += bytes.length
        if (!this.client.write(bytes)) target.pause()
      })
      .on('trailers', (trailers: IncomingHttpHeaders) => (this.answerTrailers = plain(trailers)))
      .on('end', () => {
        if (isWhole(target)) this.client.end()
      })
      .on('drain', () => this.client.resume())
      .on('wantTrailers', () => target.sendTrailers(this.trailers))
      .on('error', () => undefined)
      .on('close', () => {
        lease.release()
        this.onTargetClose(target)
      })
    for (const bytes of this.kept ?? []) target.write(bytes)
    if (this.hasEnded && !endStream) target.end()
    this.client.resume()
  }

  private take(bytes: Buffer): void {
    if (this.isOver) return
    this.received += bytes.length
    this.record?.take(bytes.length)
    const { framing } = this.head
    if (framing > 0 && this.received > framing) {
      this.cut()
      return
    }
    if (this.kept !== undefined) {
      this.keptBytes += bytes.length
      if (this.keptBytes > keptBytesMax) this.kept = undefined
      else this.kept.push(bytes)
    }
    if (this.target?.write(bytes) === false) this.client.pause()
  }

  private onEnd(): void {
    if (this.isOver || this.hasEnded || !hasEndedWell(this.client)) return
    this.hasEnded = true
    if (this.head.framing > 0 && this.received !== this.head.framing) {
      this.cut()
      return
    }
    this.target?.end()
  }

  private passInterim(interim: IncomingHttpHeaders): void {
    const status = Number(interim[':status'])
    if (status === 101 || this.hasAnswered) return
    sendInterim(this.client, { ...plain(interim), ':status': status })
  }

  private answer(upstream: Upstream, status: number, raw: readonly string[]): void {
    if (this.hasAnswered || this.isOver) return
    this.hasAnswered = true
    this.kept = undefined
    this.route.answered?.(status, Date.now() - this.startedAt)
    this.record?.answered(status)
    const head = readStreamAnswer(raw, status)
    const headers = answerHeaders(head, this.route.answerLines?.(upstream, head) ?? '')
    recordHead(this.record, headers)
    if (!sendHead(this.client, headers, { waitForTrailers: true })) {
      this.cut()
      return
    }
    this.client.on('wantTrailers', () => this.sendTrailers())
  }

  private sendTrailers(): void {
    this.client.sendTrailers(this.answerTrailers)
    // Answered without hearing all: nobody wants the rest (RFC 9113 §8.1).
    if (!this.hasEnded) this.client.close(constants.NGHTTP2_NO_ERROR)
  }

  private onTargetClose(target: ClientHttp2Stream): void {
    if (target !== this.target || this.isOver) return
    const code = target.rstCode
    if (!isWhole(target) || !target.readableEnded || !this.hasAnswered) {
      // A target that refused a stream has not begun with it, whatever its method is.
      this.fail(target, code === constants.NGHTTP2_REFUSED_STREAM ? 'refused' : 'closed')
      return
    }
    this.isOver = true
  }

  private fail(target: ClientHttp2Stream, failure: Failure): void {
    if (target !== this.target || this.isOver) return
    // A connection that had served before may have ended for reasons that are not this target's.
    if (failure !== 'silent' && !this.hasAnswered) this.record?.withdrawn()
    if (this.lease?.isFresh === false && this.upstream) this.attempts.forgive(this.upstream)
    this.drop()
    const mayRepeat = failure === 'refused' || isIdempotent(this.head.method)
    if (this.hasAnswered) this.cut()
    else if (failure === 'silent') this.respond(errorPage(504))
    else if (this.kept !== undefined && mayRepeat) this.begin(failure)
    else this.giveUp(failure)
  }

  private giveUp(failure: Failure): void {
    if (this.attempts.isNone) this.respond(this.route.unavailable)
    else this.respond(errorPage(failure === 'connect-timeout' ? 504 : 502))
  }

  private respond(response: LocalResponse): void {
    this.isOver = true
    this.drop()
    const { client: stream, router, record } = this
    respondLocally({ stream, router, record }, response, this.head.method)
  }

  /** The client is silent: a matter only while its body is awaited. */
  private onSilence(): void {
    if (this.isOver || this.hasEnded) return
    if (this.hasAnswered) this.cut()
    else this.respond(errorPage(408))
  }

  private drop(): void {
    const { target, lease } = this
    this.target = undefined
    this.lease = undefined
    if (target !== undefined && !target.closed) resetStream(target)
    lease?.release()
  }

  private cut(): void {
    this.isOver = true
    this.drop()
    resetStream(this.client)
  }

  /** The client is gone. */
  private abort(): void {
    if (this.isOver) return
    this.isOver = true
    this.drop()
  }
}

/** An answer may be whole while its request is not: then only the stream's code says that nothing broke. */
function isWhole(target: ClientHttp2Stream): boolean {
  return (target.rstCode ?? constants.NGHTTP2_NO_ERROR) === constants.NGHTTP2_NO_ERROR
}

/** Header fields without those that only HTTP/2 itself has. */
function plain(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => !name.startsWith(':') && value !== undefined),
  )
}
