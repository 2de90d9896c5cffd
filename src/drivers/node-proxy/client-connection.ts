import type { Socket } from 'node:net'
import type { AccessRecord } from './access-record.ts'
import { BodyReader } from './body-reader.ts'
import { classificationOf, type Classification, type Verdict } from './desync.ts'
import type { ExchangeClient } from './exchange-client.ts'
import { Exchange } from './exchange.ts'
import { headBytesMax } from './header-lines.ts'
import { errorPage, localResponseText, type LocalResponse } from './local-response.ts'
import { parseRequestHead, type HeadRejection, type RequestHead } from './request-head.ts'
import type { Client, Router } from './route.ts'

const endOfHead = Buffer.from('\r\n\r\n')
/** Bytes of later requests, or of a body whose target is still being connected to, that we hold before we stop reading. */
const heldBytesMax = 64 * 1024
/** A head that trickles in for longer than this, or than the client may be silent, is not waited for. */
const headMillisecondsMax = 60_000
/** How long the last answer may take to be read before the connection is cut. */
const lingerMilliseconds = 1000

/** One client's connection: reads its requests in order, one exchange at a time. */
export class ClientConnection implements ExchangeClient {
  readonly client: Client
  readonly router: Router
  private readonly socket: Socket
  private readonly onGone: (connection: ClientConnection) => void
  private held: Buffer | undefined
  /** Runs while a head has begun and not ended. */
  private headTimer: NodeJS.Timeout | undefined
  private readonly openedAt = Date.now()
  private exchange: Exchange | undefined
  /** The rest of a body that nobody wants any more. */
  private discarded: BodyReader | undefined
  private hasEnded = false
  private isClosing = false
  private isDraining = false
  private isHeldBack = false
  /** Answers that come at once must not nest: a client may pipeline thousands of requests. */
  private isPumping = false
  /** Of the request under way, when requests are recorded. */
  record: AccessRecord | undefined

  constructor(
    socket: Socket,
    client: Client,
    router: Router,
    onGone: (connection: ClientConnection) => void,
  ) {
    this.socket = socket
    this.client = client
    this.router = router
    this.onGone = onGone
    socket.setNoDelay(true)
    socket.setTimeout(router.idleMilliseconds)
    socket
      .on('data', (bytes: Buffer) => this.take(bytes))
      .on('end', () => this.onEnd())
      .on('drain', () => this.exchange?.onClientDrain())
      .on('timeout', () => this.onTimeout())
      .on('error', () => socket.destroy())
      .on('close', () => this.onClose())
  }

  /** Bytes of the client; also those that were read before this object was made. */
  take(bytes: Buffer): void {
    if (this.isClosing || bytes.length === 0) return
    this.held = this.held === undefined ? bytes : Buffer.concat([this.held, bytes])
    this.pump()
  }

  /** A head is due, though not a byte of it was seen: handshakes trickle too. */
  expectHead(): void {
    const milliseconds = Math.min(this.router.idleMilliseconds, headMillisecondsMax)
    this.headTimer ??= setTimeout(() => this.refuse(408), milliseconds)
  }

  /** Read and written so far. */
  get bytes(): number {
    return this.socket.bytesRead + this.socket.bytesWritten
  }

  /** No further request is read; the one under way finishes. */
  drain(): void {
    this.isDraining = true
    if (this.exchange === undefined && this.held === undefined) this.close()
  }

  get shouldCloseAfter(): boolean {
    if (this.isDraining || this.hasEnded) return true
    const { keepAliveMilliseconds } = this.router
    return keepAliveMilliseconds !== undefined && Date.now() - this.openedAt > keepAliveMilliseconds
  }

  /** Takes the content over. False when the client does not read as fast as we write. */
  write(content: Buffer | string): boolean {
    if (this.record !== undefined) this.record.sent += content.length
    return typeof content === 'string'
      ? this.socket.write(content, 'latin1')
      : this.socket.write(content)
  }

  /** Writes until `uncork` leave as one. */
  cork(): void {
    this.socket.cork()
  }

  uncork(): void {
    this.socket.uncork()
  }

  /** Stops or goes on reading, for the exchange: its target does not read as fast as the client writes. */
  holdBack(isHeldBack: boolean): void {
    this.isHeldBack = isHeldBack
    if (!isHeldBack) this.pump()
    else this.regulate()
  }

  /** Reads on from what is held: a body's next bytes, or the next head. */
  pump(): void {
    if (this.isPumping) return
    this.isPumping = true
    for (let isMoving = true; isMoving && !this.isClosing;) {
      isMoving = this.discarded !== undefined ? this.readDiscarded() : this.readNext()
    }
    this.isPumping = false
    this.regulate()
  }

  private readNext(): boolean {
    const { held, exchange } = this
    if (held === undefined) return false
    if (exchange === undefined) return this.readHead(held)
    if (!exchange.wantsBytes || this.isHeldBack) return false
    this.held = undefined
    const end = exchange.read(held)
    this.record?.take(end)
    if (end < held.length) this.held = held.subarray(end)
    return this.held !== undefined && this.exchange !== exchange
  }

  private readDiscarded(): boolean {
    const { held, discarded } = this
    if (held === undefined || discarded === undefined) return false
    const end = discarded.read(held, 0, () => undefined)
    this.held = end < held.length ? held.subarray(end) : undefined
    if (discarded.broken) this.close()
    if (discarded.done) this.discarded = undefined
    return discarded.done
  }

  private readHead(held: Buffer): boolean {
    // One empty line before a request is forgiven, as RFC 9112 §2.2 asks.
    const start = held[0] === 0x0d && held[1] === 0x0a ? 2 : 0
    const end = held.indexOf(endOfHead, start)
    if (end < 0) return this.waitForHead(held)
    if (end > headBytesMax) return this.refuse(431)
    this.headEnded()
    const read = parseRequestHead(held.toString('latin1', start, end + 2))
    if ('status' in read) return this.refuseHead(read)
    const verdict = this.weigh(read.classification)
    if (verdict === 'refuse') return this.refuse(400, read.classification)
    const head: RequestHead =
      verdict === 'close' ? { ...read, keepAlive: false, closesAfter: true } : read
    this.held = end + 4 < held.length ? held.subarray(end + 4) : undefined
    this.record = this.router.newRecord?.(this.client, this.socket)
    this.record?.begin(head, end + 4 - start)
    this.begin(head)
    return true
  }

  private waitForHead(held: Buffer): boolean {
    if (held.length > headBytesMax) return this.refuse(431)
    if (hasBareLineFeed(held)) return this.refuse(400)
    this.expectHead()
    return false
  }

  private headEnded(): void {
    clearTimeout(this.headTimer)
    this.headTimer = undefined
  }

  private weigh(classification: Classification | undefined): Verdict {
    if (classification === undefined) return 'pass'
    return this.router.weigh?.(classification) ?? 'pass'
  }

  private refuseHead({ status, reason }: HeadRejection): false {
    const classification = classificationOf(reason)
    this.weigh(classification)
    return this.refuse(status, classification)
  }

  private refuse(status: number, classification?: Classification): false {
    if (!this.isClosing) {
      this.record = this.router.newRecord?.(this.client, this.socket)
      this.record?.reject(classification, this.held?.length ?? 0)
    }
    this.held = undefined
    this.respond(errorPage(status), { method: 'GET', isLast: true })
    return false
  }

  private begin(head: RequestHead): void {
    const route = this.router.route(head, this.client, this.record)
    if (route.type === 'respond') {
      const body = new BodyReader(head.framing)
      this.respondInstead(route.response, head, body)
      return
    }
    this.exchange = new Exchange(this, head, route)
    this.exchange.begin()
  }

  /** Our own answer to a request whose body may be unread. */
  respondInstead(response: LocalResponse, head: RequestHead, body: BodyReader): void {
    // A client that waits for 100 Continue may or may not send its body now: nobody could tell it from a next request.
    const isUnclear = body.broken || (head.expectsContinue && !body.done)
    const isLast = isUnclear || !head.keepAlive || this.shouldCloseAfter
    this.respond(response, { method: head.method, isLast })
    if (!isLast) this.next(body)
  }

  private respond(response: LocalResponse, options: { method: string; isLast: boolean }): void {
    const serverName = this.router.serverName
    this.router.responded?.(response.status)
    const text = localResponseText(response, { ...options, serverName })
    this.record?.respond(response.status, text)
    this.socket.write(text)
    this.endRecord()
    if (options.isLast) this.close()
  }

  /** The exchange is over and its answer sent. `body` is what the request still has to send, if anything. */
  done(isLast: boolean, body: BodyReader): void {
    this.endRecord()
    if (isLast || this.shouldCloseAfter) this.close()
    else {
      this.next(body)
      this.pump()
    }
  }

  private endRecord(): void {
    const { record } = this
    this.record = undefined
    record?.end()
  }

  private next(body: BodyReader): void {
    this.exchange = undefined
    this.isHeldBack = false
    this.discarded = body.done ? undefined : body
    const { idleMilliseconds } = this.router
    // The clock of a socket begins anew with every byte; setting it anew costs a timer.
    if (this.socket.timeout !== idleMilliseconds) this.socket.setTimeout(idleMilliseconds)
  }

  /** Ends the connection after what was written, without a reset that could overtake it. */
  close(): void {
    if (this.isClosing) return
    this.isClosing = true
    this.headEnded()
    this.held = undefined
    this.exchange = undefined
    this.socket.end()
    this.socket.resume()
    const timer = setTimeout(() => this.socket.destroy(), lingerMilliseconds)
    this.socket.once('close', () => clearTimeout(timer))
  }

  /** Cuts the connection: the client must not take what it has for the whole. */
  destroy(): void {
    this.isClosing = true
    this.headEnded()
    this.socket.destroy()
  }

  /** The far end of a tunnel has said all. */
  endTunnel(): void {
    this.socket.end()
  }

  private regulate(): void {
    const isFull = this.held !== undefined && this.held.length > heldBytesMax
    if ((isFull && !this.isWaitingForHead()) || this.isHeldBack) this.socket.pause()
    else if (this.socket.isPaused()) this.socket.resume()
  }

  private isWaitingForHead(): boolean {
    return this.exchange === undefined
  }

  private onEnd(): void {
    this.hasEnded = true
    if (this.exchange === undefined) this.close()
    else this.exchange.onClientEnd()
  }

  private onTimeout(): void {
    if (this.exchange !== undefined) this.exchange.onClientSilent()
    else if (this.held !== undefined) this.refuse(408)
    else this.close()
  }

  private onClose(): void {
    this.isClosing = true
    this.headEnded()
    const { exchange } = this
    this.exchange = undefined
    exchange?.abort()
    this.endRecord()
    this.router.forget?.(this.client)
    this.onGone(this)
  }
}

function hasBareLineFeed(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if (at === 0 || bytes[at - 1] !== 0x0d) return true
  }
  return false
}
