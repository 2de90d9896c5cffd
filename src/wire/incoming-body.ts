import type { IncomingMessage, ServerResponse } from 'node:http'
import { s3Faults } from './faults.ts'
import { silentMillisecondsMax } from './limits.ts'
import type { RequestBody } from './wire.ts'

/**
 * The body of a request, asked for when it is first read: a client that waits for `100 Continue` is not told to send what nobody
 * reads. A client that is silent for a minute in the middle of it is told so, and its connection ends.
 */
export class IncomingBody implements RequestBody {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  /** It stopped in the middle: there is no use in waiting for the rest. */
  isSilent = false

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request
    this.#response = response
  }

  /** Most bodies came with their headers and are there at once, if their end may be told only after this turn. */
  async collect(bytesMax: number): Promise<Buffer | undefined> {
    const { readableLength, headers } = this.#request
    if (readableLength === 0 || readableLength !== Number(headers['content-length'])) {
      return collected(this, bytesMax)
    }
    const whole = this.#request.read() as Buffer
    return whole.length > bytesMax ? undefined : whole
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const request = this.#request
    if (request.headers.expect?.toLowerCase() === '100-continue') this.#response.writeContinue()
    // Not destroyed by a reader that stops early: the reply still goes out on this connection.
    const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>
    let fail: ((reason: Error) => void) | undefined
    const silent = (): void => {
      // A reader that takes its time over a piece is not the client's silence.
      this.isSilent = fail !== undefined
      fail?.(s3Faults.requestTimeout())
    }
    request.on('timeout', silent)
    try {
      for (;;) {
        request.socket.setTimeout(silentMillisecondsMax)
        const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
          fail = reject
          pieces.next().then(resolve, () => reject(s3Faults.incompleteBody(brokenMessage)))
        })
        fail = undefined
        if (next.done === true) return
        yield next.value
      }
    } finally {
      request.off('timeout', silent)
      if (!this.isSilent) {
        await pieces.return?.()
        request.socket.setTimeout(0)
      }
    }
  }
}

const brokenMessage = 'The connection was closed before the body was whole.'

/** The whole of a body, or undefined when it has more than `bytesMax`. */
export async function collected(
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > bytesMax) return undefined
    pieces.push(part)
  }
  const [only] = pieces
  if (pieces.length === 1 && only) return Buffer.from(only.buffer, only.byteOffset, only.byteLength)
  return Buffer.concat(pieces)
}
