import { fork, type ChildProcess } from 'node:child_process'
import { Server, Socket } from 'node:net'
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
  const handle = await ask(runDirectory, networkId, { kind: 'listen', ...door })
  if (handle instanceof Server) return handle
  throw new DriverError(`no listening socket came from ${networkId}`, { retryable: true })
}

/** A connection to an address inside a VPC, made by its router: security groups see the gateway's address. */
export async function connectInside(
  runDirectory: string,
  networkId: string,
  door: Door,
): Promise<Socket> {
  const handle = await ask(runDirectory, networkId, { kind: 'connect', ...door })
  if (handle instanceof Socket) return handle
  throw new DriverError(`no connection came from ${networkId}`, { retryable: true })
}

type Wish = Door & { readonly kind: 'listen' | 'connect' }

function ask(runDirectory: string, networkId: string, wish: Wish): Promise<unknown> {
  const what = `${wish.kind} on ${wish.address}:${wish.port} in ${networkId}`
  return new Promise((resolve, reject) => {
    const child = startInside(networkNamespacePath(runDirectory, networkId), wish)
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

/** `nsenter` only changes the network namespace and becomes Node: the channel is inherited. */
function startInside(namespacePath: string, wish: Wish): ChildProcess {
  const program = fileURLToPath(new URL('door-child.ts', import.meta.url))
  return fork(program, [JSON.stringify(wish)], {
    execPath: 'nsenter',
    execArgv: [`--net=${namespacePath}`, process.execPath],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
}
