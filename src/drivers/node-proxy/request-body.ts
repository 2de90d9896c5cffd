import type { Socket } from 'node:net'
import { BodyReader } from './body-reader.ts'
import { chunked, untilClose, type Framing } from './framing.ts'

/** Bytes of a body kept so that it can be sent to another target. */
const replayBytesMax = 64 * 1024

/** A request's body on its way to a target, and a copy of its beginning for a second attempt. */
export class RequestBody {
  readonly reader: BodyReader
  /** The framing header of the forwarded request, with its CR LF. */
  readonly framingLine: string
  private readonly isChunked: boolean
  private kept: Buffer[] | undefined
  private keptBytes = 0

  constructor(framing: Framing, isRepeatable: boolean) {
    this.reader = new BodyReader(framing)
    this.isChunked = framing === chunked || framing === untilClose
    this.kept = isRepeatable ? [] : undefined
    if (this.isChunked) this.framingLine = 'Transfer-Encoding: chunked\r\n'
    else this.framingLine = framing > 0 ? `Content-Length: ${framing}\r\n` : ''
  }

  /** Everything that was sent so far is still here, and sending it twice does no harm. */
  get canReplay(): boolean {
    return this.kept !== undefined
  }

  /** Sends what of `bytes` belongs to the body; returns where that ends. */
  send(bytes: Buffer, socket: Socket): number {
    const end = this.reader.read(bytes, 0, (part) => {
      this.keep(part)
      this.write(part, socket)
    })
    if (this.reader.done && this.isChunked) socket.write('0\r\n\r\n', 'latin1')
    return end
  }

  /** The end of a body that came without any framing. */
  end(socket: Socket): void {
    this.reader.done = true
    socket.write('0\r\n\r\n', 'latin1')
  }

  /** Sends again what an earlier target was sent. */
  replayTo(socket: Socket): void {
    for (const part of this.kept ?? []) this.write(part, socket)
    if (this.reader.done && this.isChunked) socket.write('0\r\n\r\n', 'latin1')
  }

  private keep(part: Buffer): void {
    if (this.kept === undefined) return
    this.keptBytes += part.length
    if (this.keptBytes > replayBytesMax) this.kept = undefined
    else this.kept.push(part)
  }

  private write(part: Buffer, socket: Socket): void {
    if (!this.isChunked) {
      socket.write(part)
      return
    }
    socket.write(`${part.length.toString(16)}\r\n`, 'latin1')
    socket.write(part)
    socket.write('\r\n', 'latin1')
  }
}
