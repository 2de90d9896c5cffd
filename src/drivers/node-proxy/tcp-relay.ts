import type { Socket } from 'node:net'
import { resetSocket } from './reset-socket.ts'
import type { Attempt, Upstream, UpstreamConnection } from './upstream.ts'

/** Targets that one connection is tried on. */
const attemptsMax = 6

/** Who learns of a connection while it is under way. */
export interface ConnectionRecord {
  /** It went to a target. */
  dispatched(target: string | undefined): void
  /** Bytes of the client, and of its target. */
  take(bytes: number): void
  relayed(bytes: number): void
  /** It is over. */
  end(): void
}

export interface RelayOptions {
  choose(tried: ReadonlySet<Upstream>): Upstream | undefined
  /** Without a byte either way for so long both ends are closed. */
  readonly idleMilliseconds: number
  onGone(relay: TcpRelay): void
  /** When connections are recorded. */
  readonly record?: ConnectionRecord | undefined
  /** What the target is told before the client's first byte. */
  readonly preamble?: Buffer | undefined
}

/** One client's connection, joined to one target's: bytes as they come, each way closed by itself. */
export class TcpRelay implements Attempt {
  readonly outlivesPlace = true
  private readonly socket: Socket
  private readonly options: RelayOptions
  private readonly firstBytes: Buffer
  private readonly tried = new Set<Upstream>()
  private upstream: Upstream | undefined
  private connection: UpstreamConnection | undefined
  private hasClientEnded = false
  private hasTargetEnded = false

  constructor(socket: Socket, firstBytes: Buffer, options: RelayOptions) {
    this.socket = socket
    this.firstBytes = firstBytes
    this.options = options
    socket.setNoDelay(true)
    // Whoever read the first bytes may have left it flowing: what comes before there is a target would be nobody's.
    socket.pause()
    socket
      .on('error', () => this.destroy())
      .on('close', () => this.onClose())
      .on('end', () => this.onClientEnd())
      .on('drain', () => this.connection?.socket.resume())
    this.begin()
  }

  /** Read and written so far. */
  get bytes(): number {
    return this.socket.bytesRead + this.socket.bytesWritten
  }

  /** A target that takes the connection; what refuses has got no byte of the client, so the next one may. */
  private begin(): void {
    const { choose, idleMilliseconds } = this.options
    const upstream = this.tried.size < attemptsMax ? choose(this.tried) : undefined
    if (upstream === undefined) {
      this.destroy()
      return
    }
    this.tried.add(upstream)
    this.upstream = upstream
    this.connection = upstream.acquire(this, true, idleMilliseconds)
  }

  onConnected(): void {
    const { connection, socket } = this
    if (connection === undefined) return
    if (this.options.preamble !== undefined) connection.socket.write(this.options.preamble)
    if (this.firstBytes.length > 0) connection.socket.write(this.firstBytes)
    const { record } = this.options
    record?.dispatched(this.upstream?.address)
    record?.take(this.firstBytes.length)
    socket.on('data', (bytes: Buffer) => {
      record?.take(bytes.length)
      if (!connection.socket.write(bytes)) socket.pause()
    })
    socket.resume()
  }

  onBytes(bytes: Buffer): void {
    this.options.record?.relayed(bytes.length)
    if (!this.socket.write(Buffer.from(bytes))) this.connection?.socket.pause()
  }

  onDrain(): void {
    this.socket.resume()
  }

  onEnd(isClean: boolean): void {
    if (!isClean && !this.hasTargetEnded) this.destroy()
    else {
      this.hasTargetEnded = true
      this.socket.end()
    }
  }

  onFailure(): void {
    const wasConnected = this.connection?.isConnected === true
    this.release()
    if (wasConnected) this.destroy()
    else this.begin()
  }

  private onClientEnd(): void {
    this.hasClientEnded = true
    this.connection?.socket.end()
    if (this.hasTargetEnded) this.release()
  }

  private onClose(): void {
    this.release()
    this.options.record?.end()
    this.options.onGone(this)
  }

  private release(): void {
    const { connection } = this
    this.connection = undefined
    if (connection !== undefined) this.upstream?.release(connection, false)
  }

  /** What stands goes on until either end closes it. */
  drain(): void {
    if (this.connection === undefined) this.destroy()
  }

  /** The client learns that this was no proper end. */
  destroy(): void {
    if (!this.socket.destroyed) resetSocket(this.socket)
  }
}
