import { Socket as DatagramSocket } from 'node:dgram'
import { Server } from 'node:net'
import { DriverError } from '../../kernel/errors.ts'
import { receiveHandles } from './receive-handles.ts'

/** Sockets of a name server: a datagram and a stream one for each address. */
export interface NameDoors {
  readonly datagrams: readonly DatagramSocket[]
  readonly servers: readonly Server[]
}

/** Opens port 53 of addresses inside a VPC, all by one short-lived child. All or nothing; throws a retryable DriverError. */
export async function openNamesInside(
  runDirectory: string,
  networkId: string,
  addresses: readonly string[],
): Promise<NameDoors> {
  const datagrams: DatagramSocket[] = []
  const servers: Server[] = []
  const at = { runDirectory, networkId }
  const complaint = await receiveHandles(at, openThere, { addresses }, (handle) => {
    if (handle instanceof Server) servers.push(handle)
    if (handle instanceof DatagramSocket) datagrams.push(handle)
  })
  if (datagrams.length === addresses.length && servers.length === addresses.length) {
    return { datagrams, servers }
  }
  for (const each of [...datagrams, ...servers]) each.close()
  throw new DriverError(`no name server in ${networkId}: ${complaint}`, { retryable: true })
}

/** Runs inside a VPC's network namespace: opens a name server's sockets, hands them to its parent and ends. */
function openThere({ addresses }: { readonly addresses: readonly string[] }): void {
  const { createServer } = process.getBuiltinModule('node:net')
  const { createSocket } = process.getBuiltinModule('node:dgram')
  const namePort = 53
  const fail = (error: Error): void => {
    process.stderr.write(error.message)
    process.exit(1)
  }
  const openNext = (index: number): void => {
    const address = addresses[index]
    if (address === undefined) process.exit(0)
    const server = createServer().once('error', fail)
    const socket = createSocket('udp4').once('error', fail)
    server.listen(namePort, address, () =>
      process.send?.('open', server, undefined, () =>
        socket.bind(namePort, address, () =>
          process.send?.('open', socket, undefined, () => openNext(index + 1)),
        ),
      ),
    )
  }
  openNext(0)
}
