import { connect } from 'node:net'
import { DriverError } from '../../kernel/errors.ts'
import { readWholeAnswer, type InnerAnswer } from '../node-proxy/index.ts'

export type { InnerAnswer } from '../node-proxy/index.ts'

export interface InnerRequest {
  readonly socketPath: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** Sent as JSON. */
  readonly body?: unknown
  readonly timeoutMilliseconds: number
  readonly signal?: AbortSignal
}

/** Configurations of thousands of targets are a few MiB; more is a mistake. */
const answerBytesMax = 64 * 1024 * 1024

/** One request on a connection of its own. Fails with a retryable `DriverError` when the server is away. */
export function askInner(request: InnerRequest): Promise<InnerAnswer> {
  return new Promise((resolve, reject) => {
    const what = `${request.method} ${request.path} at ${request.socketPath}`
    const socket = connect({ path: request.socketPath })
    const parts: Buffer[] = []
    let size = 0
    const finish = (outcome: InnerAnswer | Error): void => {
      request.signal?.removeEventListener('abort', onAbort)
      socket.destroy()
      if (outcome instanceof Error) reject(outcome)
      else resolve(outcome)
    }
    const fail = (reason: string, cause?: unknown): void =>
      finish(new DriverError(`${what}: ${reason}`, { retryable: true, cause }))
    const onAbort = (): void => fail('given up')
    request.signal?.addEventListener('abort', onAbort)
    socket.setTimeout(request.timeoutMilliseconds, () => fail('no answer in time'))
    socket.on('error', (error) => fail(error.message, error))
    socket.on('end', () => fail('closed without an answer'))
    socket.on('connect', () => socket.write(requestText(request)))
    socket.on('data', (bytes: Buffer) => {
      parts.push(bytes)
      size += bytes.length
      if (size > answerBytesMax) return fail('an answer beyond all bounds')
      const answer = readWholeAnswer(Buffer.concat(parts))
      if (answer === 'broken') fail('a broken answer')
      else if (answer !== undefined) finish(answer)
    })
  })
}

function requestText(request: InnerRequest): string {
  const body = request.body === undefined ? '' : JSON.stringify(request.body)
  return (
    `${request.method} ${request.path} HTTP/1.1\r\nHost: server\r\nConnection: close\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  )
}
