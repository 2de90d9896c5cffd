import { Server } from 'node:net'
import { DriverError } from '../../kernel/errors.ts'
import { receiveHandles } from './receive-handles.ts'

export interface DoorOrder {
  readonly address: string
  readonly ports: readonly number[]
}

/**
 * Servers that listen on ports of an address inside a VPC while the caller stays in its own network namespace: a short-lived child opens the
 * sockets there and hands them over, in the order of the ports. Only inside the holder, where the VPC's namespace has a name. All or nothing; throws a retryable DriverError
 * when the VPC is not there (yet) or an address is taken.
 */
export async function openInside(
  runDirectory: string,
  networkId: string,
  order: DoorOrder,
): Promise<readonly Server[]> {
  const servers: Server[] = []
  const at = { runDirectory, networkId }
  const complaint = await receiveHandles(at, openThere, order, (handle) => {
    if (handle instanceof Server) servers.push(handle)
  })
  if (servers.length === order.ports.length) return servers
  for (const server of servers) server.close()
  const what = `listen on ${order.address}, ports ${order.ports.join(', ')}, in ${networkId}`
  throw new DriverError(`cannot ${what}: ${complaint}`, { retryable: true })
}

/** Runs inside a VPC's network namespace: opens the sockets that it is asked for, hands them to its parent and ends. */
function openThere({ address, ports }: DoorOrder): void {
  const { createServer } = process.getBuiltinModule('node:net')
  const openNext = (index: number): void => {
    const port = ports[index]
    if (port === undefined) process.exit(0)
    const server = createServer()
    server.once('error', (error) => {
      process.stderr.write(error.message)
      process.exit(1)
    })
    server.listen(port, address, () =>
      process.send?.('open', server, undefined, () => openNext(index + 1)),
    )
  }
  openNext(0)
}
