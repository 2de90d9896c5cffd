import { Socket as DatagramSocket } from 'node:dgram'
import { Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { DriverError } from '../../kernel/errors.ts'
import { startInside } from './doors.ts'
import { networkNamespacePath } from './paths.ts'

/** Sockets of a name server: a datagram and a stream one for each address. */
export interface NameDoors {
  readonly datagrams: readonly DatagramSocket[]
  readonly servers: readonly Server[]
}

/** Starting a Node process takes some 60 ms; a hundred times that means it hangs. */
const doorMillisecondsMax = 10_000
const program = fileURLToPath(new URL('name-door-child.ts', import.meta.url))

/** Opens port 53 of addresses inside a VPC, all by one short-lived child. All or nothing; throws a retryable DriverError. */
export async function openNamesInside(
  runDirectory: string,
  networkId: string,
  addresses: readonly string[],
): Promise<NameDoors> {
  const datagrams: DatagramSocket[] = []
  const servers: Server[] = []
  const child = startInside(networkNamespacePath(runDirectory, networkId), program, { addresses })
  let error = ''
  child.stderr?.on('data', (chunk: Buffer) => (error += chunk.toString()))
  child.on('message', (_message, handle) => {
    if (handle instanceof Server) servers.push(handle)
    if (handle instanceof DatagramSocket) datagrams.push(handle)
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), doorMillisecondsMax)
  await new Promise<void>((resolve) => {
    child.once('error', (cause) => {
      error += cause.message
      resolve()
    })
    child.once('close', () => resolve())
  })
  clearTimeout(timer)
  if (datagrams.length === addresses.length && servers.length === addresses.length) {
    return { datagrams, servers }
  }
  for (const each of [...datagrams, ...servers]) each.close()
  throw new DriverError(`no name server in ${networkId}: ${error.trim()}`, { retryable: true })
}
