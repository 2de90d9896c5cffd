import { request, type IncomingMessage } from 'node:http'
import type { Writable } from 'node:stream'
import { DriverError } from '../../kernel/errors.ts'
import { epochHeader, type HostFailure } from '../../protocol/host.ts'

export interface HostAddress {
  readonly socketPath: string
  /** The epoch of the lease that the sender holds now; 0 for tools that hold none. */
  epoch(): number
}

/** Sends one call and gives its value. The host's own failures come back as they were thrown there. */
export async function callHost(
  host: HostAddress,
  path: string,
  argument: unknown,
): Promise<unknown> {
  const body = JSON.stringify(argument)
  const response = await openHost(host, 'POST', path, (outgoing) => outgoing.end(body))
  const text = await readAll(response)
  const answer = JSON.parse(text) as { value?: unknown } & Partial<HostFailure>
  if (response.statusCode === 200) return answer.value
  throw new DriverError(answer.message ?? `the host answered ${response.statusCode}`, {
    retryable: answer.retryable ?? true,
  })
}

/** Opens a request; resolves with its response when the headers are there. */
export function openHost(
  host: HostAddress,
  method: string,
  path: string,
  send: (outgoing: Writable) => void,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { [epochHeader]: String(host.epoch()) }
    const outgoing = request({ socketPath: host.socketPath, method, path, headers }, resolve)
    outgoing.once('error', (cause) =>
      reject(
        new DriverError(`the host process does not answer: ${cause.message}`, {
          retryable: true,
          cause,
        }),
      ),
    )
    send(outgoing)
  })
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch (cause) {
    throw new DriverError('the host process went away while it answered', {
      retryable: true,
      cause,
    })
  }
  return Buffer.concat(chunks).toString()
}
