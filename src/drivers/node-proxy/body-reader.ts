import { chunked, untilClose, type Framing } from './framing.ts'
import { readHeaderLines } from './header-lines.ts'

type ChunkState = 'size' | 'bytes' | 'bytes-end' | 'trailer'

/** A chunk-size line with its extension, and the whole trailer section. */
const sizeLineMax = 256
const trailerBytesMax = 8 * 1024
/** Eight digits name 4 GiB, more than anybody sends as one chunk. */
const sizeLine = /^([0-9a-fA-F]{1,8})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?\r\n$/

/**
 * Finds the end of a body and hands out its bytes without their framing. Chunk extensions and trailers are checked and dropped:
 * what goes on is framed anew by us, so that no later reader can see other chunks than we saw.
 */
export class BodyReader {
  /** Of the whole body, or of the current chunk. */
  private remaining: number
  private readonly framing: Framing
  private state: ChunkState = 'size'
  private line = ''
  private trailerBytes = 0
  done: boolean
  /** Set when the framing is broken; nothing more can be read of this connection. */
  broken = false

  constructor(framing: Framing) {
    this.framing = framing
    this.remaining = framing >= 0 ? framing : 0
    this.done = framing === 0
  }

  /** Takes bytes from `start` on, gives the body's among them to `sink`, and returns where it stopped. */
  read(bytes: Buffer, start: number, sink: (part: Buffer) => void): number {
    if (this.framing === untilClose) {
      if (start < bytes.length) sink(start === 0 ? bytes : bytes.subarray(start))
      return bytes.length
    }
    if (this.framing === chunked) return this.readChunks(bytes, start, sink)
    const end = Math.min(bytes.length, start + this.remaining)
    this.remaining -= end - start
    if (this.remaining === 0) this.done = true
    if (end > start) sink(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end))
    return end
  }

  private readChunks(bytes: Buffer, start: number, sink: (part: Buffer) => void): number {
    let at = start
    while (at < bytes.length && !this.done && !this.broken) {
      if (this.state === 'bytes') {
        const end = Math.min(bytes.length, at + this.remaining)
        this.remaining -= end - at
        sink(bytes.subarray(at, end))
        at = end
        if (this.remaining === 0) this.state = 'bytes-end'
      } else {
        at = this.readLine(bytes, at)
      }
    }
    return at
  }

  private readLine(bytes: Buffer, start: number): number {
    const feed = bytes.indexOf(0x0a, start)
    const end = feed < 0 ? bytes.length : feed + 1
    if (
      this.line.length + end - start >
      (this.state === 'trailer' ? trailerBytesMax : sizeLineMax)
    ) {
      this.broken = true
      return end
    }
    this.line += bytes.toString('latin1', start, end)
    if (this.state === 'bytes-end' && !'\r\n'.startsWith(this.line)) this.broken = true
    if (feed >= 0) {
      const line = this.line
      this.line = ''
      this.takeLine(line)
    }
    return end
  }

  private takeLine(line: string): void {
    if (this.state === 'bytes-end') {
      if (line === '\r\n') this.state = 'size'
      else this.broken = true
    } else if (this.state === 'size') {
      const match = sizeLine.exec(line)
      if (match === null) {
        this.broken = true
        return
      }
      this.remaining = Number.parseInt(match[1]!, 16)
      this.state = this.remaining === 0 ? 'trailer' : 'bytes'
    } else if (line === '\r\n') {
      this.done = true
    } else {
      this.trailerBytes += line.length
      const isBad = typeof readHeaderLines(line, 0) === 'string'
      if (isBad || this.trailerBytes > trailerBytesMax) this.broken = true
    }
  }
}
