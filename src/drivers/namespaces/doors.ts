import { fork, type ChildProcess } from 'node:child_process'
import { Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { DriverError } from '../../kernel/errors.ts'
import { networkNamespacePath } from './paths.ts'

export interface Door {
  readonly address: string
  readonly port: number
}

/** Starting a Node process takes some 60 ms; a hundred times that means it hangs. */
const doorMillisecondsMax = 10_000

/**
 * A server that listens on an address inside a VPC while the caller stays in its own network namespace: a short-lived child opens the
 * socket there and hands it over. Only inside the holder, where the VPC's namespace has a name. Throws a retryable DriverError
 * when the VPC is not there (yet) or the address is taken.
 */
export async function openInside(
  runDirectory: string,
  networkId: string,
  door: Door,
): Promise<Server> {
  const handle = await ask(runDirectory, networkId, door)
  if (handle instanceof Server) return handle
  throw new DriverError(`no listening socket came from ${networkId}`, { retryable: true })
}

function ask(runDirectory: string, networkId: string, door: Door): Promise<unknown> {
  const what = `listen on ${door.address}:${door.port} in ${networkId}`
  return new Promise((resolve, reject) => {
    const child = startInside(networkNamespacePath(runDirectory, networkId), doorProgram, door)
    let error = ''
    child.stderr?.on('data', (chunk: Buffer) => (error += chunk.toString()))
    const timer = setTimeout(() => child.kill('SIGKILL'), doorMillisecondsMax)
    child.once('message', (_message, handle) => resolve(handle))
    child.once('error', (cause) =>
      reject(new DriverError(`cannot ${what}`, { retryable: true, cause })),
    )
    child.once('close', () => {
      clearTimeout(timer)
      reject(new DriverError(`cannot ${what}: ${error.trim()}`, { retryable: true }))
    })
  })
}

const doorProgram = fileURLToPath(new URL('door-child.ts', import.meta.url))

/** `nsenter` only changes the network namespace and becomes Node, which runs `program`: the channel is inherited. */
export function startInside(namespacePath: string, program: string, order: object): ChildProcess {
  return fork(program, [JSON.stringify(order)], {
    execPath: 'nsenter',
    execArgv: [`--net=${namespacePath}`, process.execPath],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}
