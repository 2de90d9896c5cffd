import { DriverError, reasonOf } from '../kernel/errors.ts'
import type { ExecResult } from '../protocol/machine.ts'
import type { InsideLine, InsideRequest } from './inside/requests.ts'

/** How a request ended; `cutOff`: without the program's word. */
export type InsideEnd =
  | { readonly answer: object }
  | { readonly failure: string }
  | { readonly cutOff: string }

export interface InsideProgram {
  /** Resolves when the program has ended. Rejects when it cannot be started or was lost. */
  start(streams: {
    readonly input: AsyncIterable<Buffer>
    output(stream: 'stdout' | 'stderr', chunk: Buffer): void
  }): Promise<ExecResult>
  /** How long it may wait for another request. */
  idleMilliseconds(): number
  /** It takes no more requests. */
  onEnd(): void
}

interface Pending {
  readonly tell: (log: string) => void
  readonly end: (end: InsideEnd) => void
  readonly fail: (reason: unknown) => void
}

const complaintMax = 2000

/** One program in a machine that answers requests, several at once, until nobody has asked for a while. */
export class InsideSession {
  readonly #program: InsideProgram
  readonly #input = new Lines()
  readonly #pending = new Map<number, Pending>()
  readonly #decoder = new TextDecoder()
  #rest = ''
  #complaint = ''
  #last = 0
  #idle: NodeJS.Timeout | undefined

  constructor(program: InsideProgram) {
    this.#program = program
    program
      .start({
        input: this.#input,
        output: (stream, chunk) => {
          if (stream === 'stdout') this.#take(this.#decoder.decode(chunk, { stream: true }))
          else this.#complaint = (this.#complaint + chunk.toString()).slice(-complaintMax)
        },
      })
      .then(
        (result) => this.#ended(result),
        (thrown: unknown) => this.#lost(thrown),
      )
  }

  ask(request: InsideRequest, tell: (log: string) => void): Promise<InsideEnd> {
    clearTimeout(this.#idle)
    const id = ++this.#last
    return new Promise((end, fail) => {
      this.#pending.set(id, { tell, end, fail })
      this.#input.add(JSON.stringify({ id, request }))
    })
  }

  close(): void {
    clearTimeout(this.#idle)
    this.#program.onEnd()
    this.#input.end()
  }

  #take(text: string): void {
    const whole = (this.#rest + text).split('\n')
    this.#rest = whole.pop() ?? ''
    for (const line of whole) {
      const said = JSON.parse(line) as InsideLine
      const pending = this.#pending.get(said.id)
      if ('log' in said) {
        pending?.tell(said.log)
        continue
      }
      this.#pending.delete(said.id)
      pending?.end(said)
      if (this.#pending.size === 0) this.#rests()
    }
  }

  #rests(): void {
    clearTimeout(this.#idle)
    const pause = this.#program.idleMilliseconds()
    if (pause === 0) return this.close()
    this.#idle = setTimeout(() => this.close(), pause)
  }

  #ended(result: ExecResult): void {
    const how = result.signal ?? `exit code ${result.exitCode}`
    this.#finish((pending) => pending.end({ cutOff: `${how}: ${this.#complaint.trim()}` }))
  }

  #lost(thrown: unknown): void {
    const reason =
      thrown instanceof DriverError
        ? thrown
        : new DriverError(reasonOf(thrown), { retryable: true })
    this.#finish((pending) => pending.fail(reason))
  }

  #finish(each: (pending: Pending) => void): void {
    clearTimeout(this.#idle)
    this.#program.onEnd()
    this.#input.end()
    for (const pending of this.#pending.values()) each(pending)
    this.#pending.clear()
  }
}

/** Lines that are added while they are read. */
class Lines implements AsyncIterable<Buffer> {
  readonly #lines: string[] = []
  #isEnded = false
  #wake: () => void = () => {}

  add(line: string): void {
    this.#lines.push(line)
    this.#wake()
  }

  end(): void {
    this.#isEnded = true
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Buffer> {
    for (;;) {
      const line = this.#lines.shift()
      if (line !== undefined) yield Buffer.from(`${line}\n`)
      else if (this.#isEnded) return
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
