import { connect, type ClientHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'

export interface PoolOptions {
  connect(): Socket
  readonly connectMilliseconds: number
  /** A connection could not be made. */
  onUnreachable(): void
  onInFlightChange(): void
}

/** Whoever waits for a connection; one of the two is called, once. */
export interface Waiting {
  onReady(lease: Lease): void
  onFailure(failure: 'refused' | 'connect-timeout'): void
}

/** The right to one stream on a session. */
export interface Lease {
  readonly session: ClientHttp2Session
  /** The session was opened for it: what it says is said by who is there now. */
  readonly isFresh: boolean
  /** The stream is over. */
  release(): void
}

/** Streams on one connection while the far end has not said how many it takes; most say 100 or more. */
const streamsBefore = 100
/** Of one place at a time; more requests than these can carry wait their turn in the library. */
const sessionsMax = 32
/** A connection without streams is closed after so long. */
const idleMilliseconds = 60_000

/** HTTP/2 connections to one place: as few as carry what is under way. */
export class SessionPool {
  inFlight = 0
  private readonly options: PoolOptions
  private readonly sessions = new Set<Pooled>()

  constructor(options: PoolOptions) {
    this.options = options
  }

  acquire(waiting: Waiting): void {
    const all = [...this.sessions].filter((pooled) => pooled.isOpen)
    let chosen = all.find((pooled) => pooled.hasRoom)
    if (chosen === undefined && all.length >= sessionsMax) {
      chosen = all.toSorted((a, b) => a.streams - b.streams)[0]
    }
    chosen ??= this.add()
    this.inFlight++
    chosen.take(waiting)
    this.options.onInFlightChange()
  }

  private add(): Pooled {
    const pooled = new Pooled(this.options, {
      onReleased: () => {
        this.inFlight--
        this.options.onInFlightChange()
      },
      onGone: () => this.sessions.delete(pooled),
    })
    this.sessions.add(pooled)
    return pooled
  }

  /** Takes nothing new on what is there; what is under way finishes. */
  retire(): void {
    for (const pooled of this.sessions) pooled.retire()
  }

  /** Ends everything now. */
  abandon(): void {
    for (const pooled of [...this.sessions]) pooled.destroy()
  }
}

interface PoolPorts {
  onReleased(): void
  onGone(): void
}

class Pooled {
  streams = 0
  private readonly session: ClientHttp2Session
  private readonly options: PoolOptions
  private readonly ports: PoolPorts
  private waiting: Waiting[] = []
  private isConnected = false
  private isGone = false
  private timer: NodeJS.Timeout

  constructor(options: PoolOptions, ports: PoolPorts) {
    this.options = options
    this.ports = ports
    const socket = options.connect()
    this.session = connect('http://target', { createConnection: () => socket })
    this.timer = setTimeout(() => this.fail('connect-timeout'), options.connectMilliseconds)
    this.session
      .on('connect', () => this.onConnect())
      .on('error', () => this.fail('refused'))
      .on('close', () => this.fail('refused'))
  }

  get isOpen(): boolean {
    return !this.isGone && !this.session.closed && !this.session.destroyed
  }

  get hasRoom(): boolean {
    const most = this.session.remoteSettings?.maxConcurrentStreams ?? streamsBefore
    return this.streams < most
  }

  take(waiting: Waiting): void {
    this.streams++
    clearTimeout(this.isConnected ? this.timer : undefined)
    if (this.isConnected) waiting.onReady(this.lease(false))
    else this.waiting.push(waiting)
  }

  private lease(isFresh: boolean): Lease {
    let isHeld = true
    return {
      session: this.session,
      isFresh,
      release: () => {
        if (!isHeld) return
        isHeld = false
        this.release()
      },
    }
  }

  private release(): void {
    this.streams--
    if (this.streams === 0 && this.isConnected && !this.isGone) {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.session.close(), idleMilliseconds)
      this.timer.unref()
    }
    this.ports.onReleased()
  }

  private onConnect(): void {
    if (this.isGone) return
    clearTimeout(this.timer)
    this.isConnected = true
    for (const waiting of this.waiting.splice(0)) waiting.onReady(this.lease(true))
  }

  private fail(failure: 'refused' | 'connect-timeout'): void {
    if (this.isGone) return
    this.isGone = true
    clearTimeout(this.timer)
    this.ports.onGone()
    this.session.destroy()
    if (!this.isConnected) this.options.onUnreachable()
    for (const waiting of this.waiting.splice(0)) {
      this.release()
      waiting.onFailure(failure)
    }
  }

  retire(): void {
    if (this.isConnected) this.session.close()
  }

  destroy(): void {
    this.session.destroy()
    this.fail('refused')
  }
}
