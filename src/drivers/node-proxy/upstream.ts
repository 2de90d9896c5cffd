import type { OnReadOpts, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { SessionPool } from './session-pool.ts'

export type UpstreamFailure = 'refused' | 'connect-timeout' | 'closed' | 'silent'

/** The exchange that a connection works for. */
export interface Attempt {
  /** It goes on with its connection though the place has left its group. */
  readonly outlivesPlace?: true
  onConnected(): void
  /** The bytes are only there during the call: the next read of any connection overwrites them. */
  onBytes(bytes: Buffer): void
  onDrain(): void
  /** The far end has said all; `isClean` is false after a reset. */
  onEnd(isClean: boolean): void
  onFailure(failure: UpstreamFailure): void
}

export interface UpstreamOptions {
  readonly id: string
  /** `10.0.0.1:80`, where that means something to the outside. */
  readonly address?: string
  /** Opens a connection whose bytes go to `onread`. */
  connect(onread: OnReadOpts): Socket
  /** Opens a connection that is read in the ordinary way, for HTTP/2; where it is absent, there is none. */
  connectPlain?(): Socket
  readonly connectMilliseconds: number
  /** Called when a connection could not be made: passive health. */
  onUnreachable?(): void
  onInFlightChange?(inFlight: number): void
}

/** Idle connections kept for each upstream; more are closed when they become idle. */
const idleMax = 256
/** A connection is not reused after so long without use, whatever the far end allows. */
const idleMilliseconds = 60_000

/**
 * What is read of any upstream: each read is dealt with before the next one. A buffer for each read costs more than all of the
 * parsing.
 */
const readBuffer = Buffer.allocUnsafeSlow(64 * 1024)

/** A place that requests can be sent to, with its kept-alive connections. */
export class Upstream {
  readonly id: string
  readonly address: string | undefined
  private readonly options: UpstreamOptions
  private readonly idle: UpstreamConnection[] = []
  private readonly busy = new Set<UpstreamConnection>()
  private pool: SessionPool | undefined

  constructor(options: UpstreamOptions) {
    this.id = options.id
    this.address = options.address
    this.options = options
  }

  /** Requests, and tunnels, that are under way. */
  get inFlight(): number {
    return this.busy.size + (this.pool?.inFlight ?? 0)
  }

  /** For requests that go on as HTTP/2. */
  get sessions(): SessionPool {
    const { connectPlain, connectMilliseconds } = this.options
    if (connectPlain === undefined) throw new Error(`${this.id} has no HTTP/2`)
    this.pool ??= new SessionPool({
      connect: connectPlain,
      connectMilliseconds,
      onUnreachable: () => this.options.onUnreachable?.(),
      onInFlightChange: () => this.options.onInFlightChange?.(this.inFlight),
    })
    return this.pool
  }

  /** A connection for one attempt: a kept one unless `isFresh`, else a new one that is still connecting. */
  acquire(attempt: Attempt, isFresh: boolean, silenceMilliseconds: number): UpstreamConnection {
    let connection = isFresh ? undefined : this.awaken()
    connection ??= new UpstreamConnection(this.options, (closed) => this.drop(closed))
    connection.take(attempt, silenceMilliseconds)
    this.busy.add(connection)
    this.options.onInFlightChange?.(this.inFlight)
    return connection
  }

  /** The connection that rests shortest, unless its far end may have had enough of waiting. */
  private awaken(): UpstreamConnection | undefined {
    const connection = this.idle.pop()
    if (connection === undefined || connection.restsUntil > Date.now()) return connection
    // Those below it have rested longer, but may have been promised more time.
    connection.destroy()
    return this.awaken()
  }

  /** Gives a connection back. One that may be reused is kept for at most `keepSeconds`. */
  release(connection: UpstreamConnection, isReusable: boolean, keepSeconds?: number): void {
    this.busy.delete(connection)
    const [oldest] = this.idle
    if (oldest !== undefined && oldest.restsUntil <= Date.now()) oldest.destroy()
    if (isReusable && !connection.isClosed && this.idle.length < idleMax) {
      // The far end closes on its own clock: one second less keeps us from sending into its closing.
      const kept = keepSeconds === undefined ? idleMilliseconds : (keepSeconds - 1) * 1000
      if (kept > 0) {
        connection.rest(Math.min(kept, idleMilliseconds))
        this.idle.push(connection)
      } else connection.destroy()
    } else {
      connection.destroy()
    }
    this.options.onInFlightChange?.(this.inFlight)
  }

  private drop(connection: UpstreamConnection): void {
    const at = this.idle.indexOf(connection)
    if (at >= 0) this.idle.splice(at, 1)
  }

  /** Closes what is idle; what is under way finishes. */
  closeIdle(): void {
    for (const connection of this.idle.splice(0)) connection.destroy()
    this.pool?.retire()
  }

  /** Ends everything now: its far end is known to be gone, or has left. What is under way fails as if it had closed. */
  abandon(): void {
    this.closeIdle()
    for (const connection of Array.from(this.busy)) connection.fail()
    this.pool?.abandon()
  }

  /** The place is not one to go to any more: what may outlive that goes on, all else ends now. */
  leave(): void {
    this.closeIdle()
    for (const connection of Array.from(this.busy)) if (!connection.outlivesPlace) connection.fail()
    this.pool?.abandon()
  }
}

export class UpstreamConnection {
  readonly socket: Socket
  isConnected = false
  isClosed = false
  /** While it rests: when it must not be used any more, in milliseconds of the clock. */
  restsUntil = 0
  private attempt: Attempt | undefined
  private readonly onGone: (connection: UpstreamConnection) => void
  private readonly options: UpstreamOptions
  private connectTimer: NodeJS.Timeout | undefined

  constructor(options: UpstreamOptions, onGone: (connection: UpstreamConnection) => void) {
    this.options = options
    this.onGone = onGone
    this.socket = options.connect({
      buffer: readBuffer,
      callback: (size) => {
        this.onData(size === readBuffer.length ? readBuffer : readBuffer.subarray(0, size))
        return true
      },
    })
    this.connectTimer = setTimeout(() => this.onConnectTimeout(), options.connectMilliseconds)
    this.socket
      .on(this.socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => this.onConnect())
      .on('drain', () => this.attempt?.onDrain())
      .on('end', () => this.onEnd(true))
      .on('timeout', () => this.onTimeout())
      .on('error', () => this.onError())
      .on('close', () => this.onEnd(false))
  }

  take(attempt: Attempt, silenceMilliseconds: number): void {
    this.attempt = attempt
    if (this.socket.timeout !== silenceMilliseconds) this.socket.setTimeout(silenceMilliseconds)
  }

  get outlivesPlace(): boolean {
    return this.attempt?.outlivesPlace === true
  }

  rest(milliseconds: number): void {
    this.attempt = undefined
    this.restsUntil = Date.now() + milliseconds
    if (this.socket.isPaused()) this.socket.resume()
  }

  destroy(): void {
    this.attempt = undefined
    this.close()
  }

  /** Ends the connection and tells its attempt so. */
  fail(): void {
    const { attempt } = this
    const wasConnected = this.isConnected
    this.destroy()
    if (wasConnected) attempt?.onEnd(false)
    else attempt?.onFailure('refused')
  }

  private close(): void {
    if (this.isClosed) return
    this.isClosed = true
    clearTimeout(this.connectTimer)
    this.socket.destroy()
    this.onGone(this)
  }

  private onConnect(): void {
    clearTimeout(this.connectTimer)
    this.isConnected = true
    this.attempt?.onConnected()
  }

  private onConnectTimeout(): void {
    if (this.isConnected || this.isClosed) return
    const { attempt } = this
    this.destroy()
    this.options.onUnreachable?.()
    attempt?.onFailure('connect-timeout')
  }

  private onData(bytes: Buffer): void {
    // Bytes that nobody asked for would be taken for the next answer.
    if (this.attempt === undefined) this.destroy()
    else this.attempt.onBytes(bytes)
  }

  private onEnd(isClean: boolean): void {
    if (this.isClosed) return
    const { attempt } = this
    if (attempt === undefined) this.close()
    else attempt.onEnd(isClean)
  }

  private onTimeout(): void {
    const { attempt } = this
    if (attempt === undefined) this.close()
    else if (this.isConnected) attempt.onFailure('silent')
  }

  private onError(): void {
    if (this.isClosed) return
    const { attempt } = this
    this.destroy()
    if (this.isConnected) {
      attempt?.onEnd(false)
    } else {
      this.options.onUnreachable?.()
      attempt?.onFailure('refused')
    }
  }
}
