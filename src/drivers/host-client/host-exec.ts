import type { IncomingMessage } from 'node:http'
import type { ExecStreams } from '../../compute/driver.ts'
import { DriverError } from '../../kernel/errors.ts'
import type { ExecDownLine, ExecUpLine } from '../../protocol/host.ts'
import type { ExecRequest, ExecResult } from '../../protocol/machine.ts'
import { linesOf } from '../machines/lines-of.ts'
import { writeTaken } from '../machines/write-taken.ts'
import { openHost, type HostAddress } from './host-request.ts'

/** Runs a command over the host's socket; its output and input stream while it runs. */
export async function execOnHost(
  host: HostAddress,
  request: ExecRequest,
  streams: ExecStreams,
): Promise<ExecResult> {
  const { input, signal } = streams
  const response = await openHost(host, 'POST', '/exec', (outgoing) => {
    const send = (line: ExecUpLine): Promise<void> | undefined =>
      writeTaken(outgoing, `${JSON.stringify(line)}\n`)
    void send({ request, hasInput: input !== undefined })
    if (!input) return outgoing.end()
    const feed = async (): Promise<void> => {
      for await (const chunk of input) await send({ input: chunk.toString('base64') })
    }
    feed()
      .finally(() => outgoing.end())
      .catch(() => undefined)
  })
  const cut = (): void => void response.destroy()
  signal?.addEventListener('abort', cut, { once: true })
  try {
    const result = await readResult(response, streams)
    if (result) return result
  } finally {
    signal?.removeEventListener('abort', cut)
  }
  if (signal?.aborted) return { exitCode: undefined, signal: 'SIGKILL', timedOut: false }
  throw new DriverError(`the host process went away while ${request.machineId} ran a command`, {
    retryable: true,
  })
}

/** Undefined when the host broke off before it said how the command ended. */
async function readResult(
  response: IncomingMessage,
  streams: ExecStreams,
): Promise<ExecResult | undefined> {
  let isBroken = false
  response.once('error', () => (isBroken = true))
  try {
    for await (const text of linesOf(response)) {
      const line = JSON.parse(text) as ExecDownLine
      if ('stream' in line) await streams.output?.(line.stream, Buffer.from(line.chunk, 'base64'))
      else if ('result' in line) return line.result
      else throw new DriverError(line.failure.message, { retryable: line.failure.retryable })
    }
  } catch (thrown) {
    if (!isBroken) throw thrown
  }
  return undefined
}
