import { DriverError } from '../kernel/errors.ts'
import type { MachineHost } from './machine-host.ts'
import { InsideSession } from './inside-session.ts'
import type { InsideRequest } from './inside/requests.ts'

/** How programs are started in a machine. */
export interface Inside {
  readonly compute: MachineHost
  /** The platform's own Node and `src/agent/inside/main.ts`, as machines see them. */
  readonly node: string
  readonly program: string
  /** A folder of the machine where Node keeps what it compiled: starts take a third of the time. */
  readonly cache: string
  /** Programs that run now, by machine; filled here. */
  readonly sessions: Map<string, InsideSession>
}

/** The program in the machine said what is wrong: trying again gives the same. */
export class InsideFailure extends Error {
  override readonly name = 'InsideFailure'
}

/** An idle program waits so long for the next event of its machine: they follow each other closely. */
const idleMilliseconds = 3000
/** Of idle programs; a fleet that is deployed to all at once keeps no more of them. */
const idleMax = 16

/**
 * Asks the program in the machine, which is started when it does not run. Its log arrives through `tell`. Throws `InsideFailure`, or a
 * retryable `DriverError` when it was cut off.
 */
export async function runInside<Answer>(
  inside: Inside,
  machineId: string,
  request: InsideRequest,
  tell: (log: string) => void = () => {},
): Promise<Answer> {
  const session = inside.sessions.get(machineId) ?? open(inside, machineId)
  const end = await session.ask(request, tell)
  if ('answer' in end) return end.answer as Answer
  if ('failure' in end) throw new InsideFailure(end.failure)
  const message = `${request.verb} in ${machineId} ended without an answer (${end.cutOff})`
  throw new DriverError(message, { retryable: true })
}

function open(inside: Inside, machineId: string): InsideSession {
  const { sessions } = inside
  const session: InsideSession = new InsideSession({
    start: (streams) =>
      inside.compute.exec(
        {
          machineId,
          command: [inside.node, inside.program],
          environment: { NODE_COMPILE_CACHE: inside.cache },
        },
        streams,
      ),
    idleMilliseconds: () => (sessions.size > idleMax ? 0 : idleMilliseconds),
    onEnd() {
      if (sessions.get(machineId) === session) sessions.delete(machineId)
    },
  })
  sessions.set(machineId, session)
  return session
}

/** Ends the programs; hooks that run go on. */
export function closeInside(inside: Inside): void {
  for (const session of inside.sessions.values()) session.close()
}
