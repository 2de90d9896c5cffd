import { DriverError } from '../kernel/errors.ts'
import type { MachineHost } from './machine-host.ts'
import type { InsideLine, InsideRequest } from './inside/requests.ts'

/** How programs are started in a machine. */
export interface Inside {
  readonly compute: MachineHost
  /** The platform's own Node and `src/agent/inside/main.ts`, as machines see them. */
  readonly node: string
  readonly program: string
  /** A folder of the machine where Node keeps what it compiled: starts take a third of the time. */
  readonly cache: string
}

/** The program in the machine said what is wrong: trying again gives the same. */
export class InsideFailure extends Error {
  override readonly name = 'InsideFailure'
}

/** Asks the program in the machine. Its log arrives through `tell`. Throws `InsideFailure`, or a retryable `DriverError` when it was cut off. */
export async function runInside<Answer>(
  inside: Inside,
  machineId: string,
  request: InsideRequest,
  tell: (log: string) => void = () => {},
): Promise<Answer> {
  let rest = ''
  let complaint = ''
  const lines: InsideLine[] = []
  const take = (text: string): void => {
    const whole = (rest + text).split('\n')
    rest = whole.pop() ?? ''
    for (const line of whole) {
      const said = JSON.parse(line) as InsideLine
      if ('log' in said) tell(said.log)
      else lines.push(said)
    }
  }
  const decoder = new TextDecoder()
  const result = await inside.compute.exec(
    {
      machineId,
      command: [inside.node, inside.program],
      environment: { NODE_COMPILE_CACHE: inside.cache },
    },
    {
      input: once(Buffer.from(JSON.stringify(request))),
      output(stream, chunk) {
        if (stream === 'stdout') take(decoder.decode(chunk, { stream: true }))
        else complaint = (complaint + chunk.toString()).slice(-complaintMax)
      },
    },
  )
  const last = lines.at(-1)
  if (last && 'answer' in last) return last.answer as Answer
  if (last && 'failure' in last) throw new InsideFailure(last.failure)
  const how = result.signal ?? `exit code ${result.exitCode}`
  const message = `${request.verb} in ${machineId} ended without an answer (${how}): ${complaint.trim()}`
  throw new DriverError(message, { retryable: true })
}

const complaintMax = 2000

async function* once(chunk: Buffer): AsyncIterable<Buffer> {
  yield chunk
}
