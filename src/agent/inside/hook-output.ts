import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

/** AWS's agent tells as much of a failed script. */
const tailCharactersMax = 2048

/** The last whole lines that fit. */
export class LogTail {
  #lines: string[] = []
  #length = 0

  add(line: string): void {
    this.#lines.push(line)
    this.#length += line.length + 1
    while (this.#length > tailCharactersMax && this.#lines.length > 1) {
      this.#length -= (this.#lines.shift()?.length ?? 0) + 1
    }
  }

  text(): string {
    return `${this.#lines.join('\n').slice(-tailCharactersMax)}\n`
  }
}

/** A line without an end is told in pieces of this length. */
const lineCharactersMax = 8192

/** What one script writes to one stream: a file that the script holds, copied on line by line. */
export class OutputCopy {
  readonly descriptor: number
  readonly #reader: number
  readonly #tell: (line: string) => void
  readonly #decoder = new StringDecoder('utf8')
  readonly #buffer = Buffer.alloc(64 * 1024)
  #offset = 0
  #rest = ''

  constructor(path: string, descriptor: number, tell: (line: string) => void) {
    this.descriptor = descriptor
    this.#reader = openSync(path, 'r')
    this.#tell = tell
  }

  copy(): void {
    for (;;) {
      const count = readSync(this.#reader, this.#buffer, 0, this.#buffer.length, this.#offset)
      if (count === 0) return
      this.#offset += count
      this.#rest += this.#decoder.write(this.#buffer.subarray(0, count))
      const lines = this.#rest.split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) this.#tell(line)
      while (this.#rest.length > lineCharactersMax) {
        this.#tell(this.#rest.slice(0, lineCharactersMax))
        this.#rest = this.#rest.slice(lineCharactersMax)
      }
    }
  }

  /** The script has ended; what others write from now on is not its own. */
  finish(): void {
    this.copy()
    if (this.#rest !== '') this.#tell(this.#rest)
    closeSync(this.descriptor)
    closeSync(this.#reader)
  }
}
