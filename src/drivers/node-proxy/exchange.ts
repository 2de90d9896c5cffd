import { Attempts } from './attempts.ts'
import { BodyReader } from './body-reader.ts'
import type { ExchangeClient } from './exchange-client.ts'
import { untilClose, type Framing } from './framing.ts'
import { headBytesMax } from './header-lines.ts'
import { errorPage } from './local-response.ts'
import { RequestBody } from './request-body.ts'
import { isIdempotent, type RequestHead } from './request-head.ts'
import { parseResponseHead, type ResponseHead } from './response-head.ts'
import { responseHeadText, type ResponseShape } from './response-text.ts'
import type { ForwardRoute } from './route.ts'
import type { Attempt, Upstream, UpstreamConnection, UpstreamFailure } from './upstream.ts'

const endOfHead = Buffer.from('\r\n\r\n')
/** Pause between rounds over upstreams that all refuse. */
const roundMilliseconds = 25
/** A body part that is copied into the head's write rather than written after it. */
const joinedBytesMax = 4096

/** One request and its answer: chooses a target, tries another one where that is safe, streams both bodies. */
export class Exchange implements Attempt {
  private readonly client: ExchangeClient
  private readonly head: RequestHead
  private readonly route: ForwardRoute
  private readonly body: RequestBody
  private readonly attempts = new Attempts()
  private readonly startedAt = Date.now()
  private upstream: Upstream | undefined
  private connection: UpstreamConnection | undefined
  private isSent = false
  /** The current connection had served before: its end says nothing of its target. */
  private isReused = false
  private needsFresh = false
  private isOver = false
  private isTunnel = false
  /** Anything of an answer has gone to the client: from here on there is no other attempt. */
  private hasAnswered = false
  private partialHead: Buffer | undefined
  private response: ResponseHead | undefined
  private shape: ResponseShape = 'length'
  private answer: BodyReader | undefined
  private isLast: boolean
  private timer: NodeJS.Timeout | undefined

  constructor(client: ExchangeClient, head: RequestHead, route: ForwardRoute) {
    this.client = client
    this.head = head
    this.route = route
    this.body = new RequestBody(head.framing, isIdempotent(head.method))
    this.isLast = !head.keepAlive
  }

  /** Sends the request to the next target; `failure` is what became of the attempt before. */
  begin(failure: UpstreamFailure = 'refused'): void {
    const upstream = this.attempts.next(this.route)
    if (upstream === undefined) {
      this.giveUp(failure)
      return
    }
    this.upstream = upstream
    // What must not be sent twice is not sent on a connection that the far end may be closing right now.
    const isFresh = this.needsFresh || !isIdempotent(this.head.method) || this.head.isWebSocket
    const connection = upstream.acquire(this, isFresh, this.client.router.idleMilliseconds)
    this.connection = connection
    this.isReused = connection.isConnected
    if (this.isReused) this.send(connection)
  }

  onConnected(): void {
    if (this.connection === undefined) return
    this.send(this.connection)
    this.client.pump()
  }

  private send(connection: UpstreamConnection): void {
    this.isSent = true
    this.client.record?.dispatched(this.upstream?.address)
    const { socket } = connection
    if (this.head.framing === 0) {
      socket.write(`${this.route.head}${this.body.framingLine}\r\n`, 'latin1')
      return
    }
    socket.cork()
    process.nextTick(() => socket.uncork())
    const expect = this.head.expectsContinue ? 'Expect: 100-continue\r\n' : ''
    socket.write(`${this.route.head}${this.body.framingLine}${expect}\r\n`, 'latin1')
    this.body.replayTo(socket)
  }

  get wantsBytes(): boolean {
    return this.isTunnel || (this.isSent && !this.body.reader.done)
  }

  /** Takes bytes of the client while `wantsBytes`; returns where this request's bytes end. */
  read(bytes: Buffer): number {
    const { connection } = this
    if (connection === undefined) return 0
    const { socket } = connection
    if (this.isTunnel) {
      if (!socket.write(bytes)) this.client.holdBack(true)
      return bytes.length
    }
    const end = this.body.send(bytes, socket)
    if (this.body.reader.broken) this.refuseBody()
    else if (socket.writableNeedDrain) this.client.holdBack(true)
    return end
  }

  /** The client of a body without an announced end has said all; false when an announced one is still to come. */
  endBody(): boolean {
    const { connection } = this
    if (this.head.framing !== untilClose || connection === undefined) return false
    this.body.end(connection.socket)
    return true
  }

  private refuseBody(): void {
    this.dropConnection()
    if (this.hasAnswered) this.client.destroy()
    else this.respond(400)
  }

  onDrain(): void {
    this.client.holdBack(false)
  }

  onClientDrain(): void {
    this.connection?.socket.resume()
  }

  onBytes(bytes: Buffer): void {
    if (this.isTunnel) {
      if (!this.client.write(Buffer.from(bytes))) this.connection?.socket.pause()
    } else if (this.answer === undefined) {
      this.readHead(bytes)
    } else {
      this.client.cork()
      this.readAnswer(this.answer, bytes, 0)
      this.client.uncork()
    }
  }

  private readHead(received: Buffer): void {
    const bytes =
      this.partialHead === undefined ? received : Buffer.concat([this.partialHead, received])
    const end = bytes.indexOf(endOfHead)
    if (end < 0 && bytes.length <= headBytesMax) {
      this.partialHead = bytes === received ? Buffer.from(received) : bytes
      return
    }
    this.partialHead = undefined
    const head = end < 0 ? undefined : parseResponseHead(bytes.toString('latin1', 0, end + 2))
    if (head === undefined) {
      this.dropConnection()
      this.respond(502)
    } else if (head.status >= 200) {
      this.startAnswer(head, bytes, end + 4)
    } else {
      this.readInterim(head, bytes, end + 4)
    }
  }

  private readInterim(head: ResponseHead, bytes: Buffer, rest: number): void {
    if (head.status === 101) {
      this.switchProtocols(head, bytes, rest)
      return
    }
    if (this.head.minor === 1) {
      this.hasAnswered = true
      if (this.client.answerHead !== undefined) this.client.answerHead(head, '')
      else this.client.write(responseHeadText(head, { shape: 'none', connection: undefined }))
    }
    if (rest < bytes.length) this.readHead(bytes.subarray(rest))
  }

  private switchProtocols(head: ResponseHead, bytes: Buffer, rest: number): void {
    if (!this.head.isWebSocket || !head.isWebSocket) {
      this.dropConnection()
      this.respond(502)
      return
    }
    this.hasAnswered = true
    this.client.record?.answered(101)
    this.isTunnel = true
    this.isLast = true
    const connection = 'upgrade\r\nUpgrade: websocket'
    const text = responseHeadText(head, { shape: 'none', connection })
    this.client.record?.answerBegun(text.length)
    this.client.write(text)
    if (rest < bytes.length) this.client.write(Buffer.from(bytes.subarray(rest)))
    this.client.pump()
  }

  private startAnswer(head: ResponseHead, bytes: Buffer, rest: number): void {
    const framing = this.framingOf(head)
    this.response = head
    this.hasAnswered = true
    this.route.answered?.(head.status, Date.now() - this.startedAt)
    this.client.record?.answered(head.status)
    this.shape = this.shapeOf(head, framing)
    if (this.shape === 'close') this.isLast = true
    if (this.client.shouldCloseAfter || this.isClosedBehind(head)) this.isLast = true
    if (this.head.expectsContinue && !this.body.reader.done) this.isLast = true
    const added = this.upstream && this.route.answerLines?.(this.upstream, head)
    if (this.client.answerHead !== undefined) {
      this.answer = new BodyReader(framing)
      this.client.answerHead(head, added ?? '')
      this.readAnswer(this.answer, bytes, rest)
      return
    }
    const connection = this.isLast ? 'close' : 'keep-alive'
    const how = { shape: this.shape, connection }
    const text = responseHeadText(head, added === undefined ? how : { ...how, added })
    this.client.record?.answerBegun(text.length)
    this.answer = new BodyReader(framing)
    const size = bytes.length - rest
    if (this.shape === 'length' && size > 0 && size <= joinedBytesMax) {
      const end = this.answer.read(bytes, rest, () => undefined)
      this.pour(this.client.write(text + bytes.toString('latin1', rest, end)))
      this.settle(end < bytes.length)
      return
    }
    this.client.cork()
    this.pour(this.client.write(text))
    this.readAnswer(this.answer, bytes, rest)
    this.client.uncork()
  }

  /** Who judged the request behind us ends its connection, and so must the client's end. */
  private isClosedBehind({ keepAlive }: ResponseHead): boolean {
    return !keepAlive && this.route.isTransparent && this.head.classification !== undefined
  }

  private framingOf(head: ResponseHead): Framing {
    const isEmpty = this.head.method === 'HEAD' || head.status === 204 || head.status === 304
    return isEmpty ? 0 : head.framing
  }

  private shapeOf(head: ResponseHead, framing: Framing): ResponseShape {
    if (this.client.answerHead !== undefined) return 'bare'
    if (framing >= 0) return head.status === 204 || head.framing < 0 ? 'none' : 'length'
    return this.head.minor === 1 ? 'chunked' : 'close'
  }

  private readAnswer(answer: BodyReader, bytes: Buffer, start: number): void {
    const end = answer.read(bytes, start, (seen) => {
      const part = Buffer.from(seen)
      if (this.shape !== 'chunked') this.pour(this.client.write(part))
      else {
        this.client.write(`${part.length.toString(16)}\r\n`)
        this.client.write(part)
        this.pour(this.client.write('\r\n'))
      }
    })
    if (answer.broken) {
      this.dropConnection()
      this.client.destroy()
      return
    }
    this.settle(end < bytes.length)
  }

  private pour(hasRoom: boolean): void {
    if (!hasRoom) this.connection?.socket.pause()
  }

  private settle(hasExtraBytes: boolean): void {
    if (this.answer?.done === true) this.finish(hasExtraBytes)
  }

  private finish(hasExtraBytes: boolean): void {
    const { connection, response } = this
    if (connection === undefined || response === undefined) return
    this.connection = undefined
    this.isOver = true
    if (this.shape === 'chunked') this.client.write('0\r\n\r\n')
    const isReusable =
      response.keepAlive &&
      this.body.reader.done &&
      !hasExtraBytes &&
      this.head.closesAfter !== true
    this.upstream?.release(connection, isReusable, response.keepAliveSeconds)
    const isUnclear = this.head.expectsContinue && !this.body.reader.done
    this.client.done(this.isLast || isUnclear, this.body.reader)
  }

  onEnd(isClean: boolean): void {
    if (this.isTunnel) {
      if (isClean) this.client.endTunnel()
      else this.dropConnection()
      if (!isClean) this.client.close()
    } else if (this.answer === undefined) {
      this.onFailure('closed')
    } else if (isClean && this.response?.framing === untilClose) {
      this.finish(true)
    } else {
      this.dropConnection()
      this.client.destroy()
    }
  }

  onFailure(failure: UpstreamFailure): void {
    if (this.isOver) return
    const wasSent = this.isSent
    if (failure !== 'silent' && !this.hasAnswered) this.client.record?.withdrawn()
    this.dropConnection()
    if (this.hasAnswered) this.client.destroy()
    else if (failure === 'silent') this.respond(504)
    else if (!wasSent || (failure === 'closed' && this.body.canReplay)) this.tryAgain(failure)
    else this.giveUp(failure)
  }

  private tryAgain(failure: UpstreamFailure): void {
    this.partialHead = undefined
    if (this.isReused && this.upstream !== undefined) {
      this.attempts.forgive(this.upstream)
      this.needsFresh = true
    }
    this.begin(failure)
  }

  private giveUp(failure: UpstreamFailure): void {
    const hasPatience = Date.now() - this.startedAt < this.route.patienceMilliseconds
    const wasRefused = failure === 'refused' || failure === 'connect-timeout'
    if (hasPatience && wasRefused) {
      this.attempts.startAgain()
      this.timer = setTimeout(() => this.begin(), roundMilliseconds)
    } else if (failure === 'closed' && this.route.isTransparent) {
      this.isOver = true
      this.client.destroy()
    } else if (this.attempts.isNone || (wasRefused && this.route.isTransparent)) {
      this.respondWith(this.route.unavailable)
    } else {
      this.respond(failure === 'connect-timeout' ? 504 : 502)
    }
  }

  private respond(status: number): void {
    this.respondWith(errorPage(status))
  }

  private respondWith(response: ReturnType<typeof errorPage>): void {
    this.isOver = true
    // Who did not send the rest of a body in time is not waited for again.
    const head = response.status === 408 ? { ...this.head, keepAlive: false } : this.head
    this.client.respondInstead(response, head, this.body.reader)
    this.client.pump()
  }

  private dropConnection(): void {
    const { connection } = this
    this.connection = undefined
    this.isSent = false
    if (connection !== undefined) this.upstream?.release(connection, false)
    this.client.holdBack(false)
  }

  onClientEnd(): void {
    if (this.isTunnel) this.connection?.socket.end()
    else if (!this.body.reader.done) this.client.destroy()
  }

  /** The client sent nothing for too long: a matter only while we wait for its body, or for anyone in a tunnel. */
  onClientSilent(): void {
    if (this.isTunnel) {
      this.client.close()
      this.dropConnection()
    } else if (this.isSent && !this.body.reader.done) {
      this.dropConnection()
      if (this.hasAnswered) this.client.destroy()
      else this.respond(408)
    }
  }

  /** The client is gone. */
  abort(): void {
    this.isOver = true
    clearTimeout(this.timer)
    this.dropConnection()
  }
}
