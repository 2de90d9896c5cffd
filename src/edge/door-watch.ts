import { connect, type Socket } from 'node:net'
import { gatewayPing, gatewayWell } from '../protocol/gateway.ts'

/** Between two looks at a gateway. */
const pingMilliseconds = 100
/** A gateway that is busy answers a little late; two looks without an answer are no accident. */
const missesMax = 2
/** After so long what is under way there is given up: the gateway's processes stand still. */
const silenceMilliseconds = 1000

/**
 * Looks at gateways' doors all the time, so that a zone that is gone is left out before the server says so, and while it is away. A gateway that was cut
 * off the network says it itself.
 */
export class DoorWatch {
  private readonly watched = new Map<string, WatchedDoor>()
  private readonly onLost: (socketPath: string) => void

  constructor(onLost: (socketPath: string) => void) {
    this.onLost = onLost
  }

  apply(socketPaths: ReadonlySet<string>): void {
    for (const [path, door] of this.watched) {
      if (socketPaths.has(path)) continue
      this.watched.delete(path)
      door.close()
    }
    for (const path of socketPaths) {
      if (this.watched.has(path)) continue
      this.watched.set(path, new WatchedDoor(path, () => this.onLost(path)))
    }
  }

  /** Whether it answered when it was last asked; one that was never asked counts as well. */
  isOut(socketPath: string): boolean {
    return this.watched.get(socketPath)?.isOut ?? false
  }

  close(): void {
    this.apply(new Set())
  }
}

class WatchedDoor {
  isOut = false
  private readonly path: string
  private readonly onLost: () => void
  private readonly timer: NodeJS.Timeout
  private socket: Socket | undefined
  private misses = 0
  private isGivenUp = false

  constructor(path: string, onLost: () => void) {
    this.path = path
    this.onLost = onLost
    this.timer = setInterval(() => this.look(), pingMilliseconds)
    this.look()
  }

  close(): void {
    clearInterval(this.timer)
    this.socket?.destroy()
  }

  private look(): void {
    this.socket ??= this.open()
    if (this.misses >= missesMax) this.isOut = true
    if (this.misses * pingMilliseconds >= silenceMilliseconds) this.giveUp()
    this.misses++
    this.socket.write(`${gatewayPing}\n`)
  }

  private open(): Socket {
    const socket = connect({ path: this.path })
    socket.unref()
    socket.on('data', (bytes: Buffer) => this.take(bytes.toString('latin1')))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      if (this.socket !== socket) return
      // Nobody is behind the door: requests under way have heard of it themselves.
      this.socket = undefined
      this.isOut = true
    })
    return socket
  }

  private take(text: string): void {
    this.misses = 0
    if (text.endsWith(`${gatewayWell}\n`)) {
      this.isOut = false
      this.isGivenUp = false
    } else this.giveUp()
  }

  private giveUp(): void {
    this.isOut = true
    if (this.isGivenUp) return
    this.isGivenUp = true
    this.onLost()
  }
}
