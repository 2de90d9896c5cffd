import { connect, type Socket } from 'node:net'
import { plainAddress } from '../drivers/node-proxy/index.ts'
import type { GatewayDoor, GatewayHello } from '../protocol/edge.ts'

export interface JoinOptions {
  readonly listenerId: string
  /** What the client has said already. */
  readonly firstBytes?: Buffer
  /** A door that was not tried yet; undefined when there is none. */
  choose(tried: ReadonlySet<string>): GatewayDoor | undefined
}

/** Joins a client to a listener behind a gateway's door, byte by byte. A gateway that does not open has got no byte: the next one may have the connection. */
export function joinDoor(
  client: Socket,
  options: JoinOptions,
  tried: Set<string> = new Set(),
): void {
  const door = options.choose(tried)
  if (door === undefined) return void client.destroy()
  tried.add(door.socketPath)
  const gateway = connect({ path: door.socketPath, allowHalfOpen: true })
  const onRefused = (): void => joinDoor(client, options, tried)
  const onEarlyEnd = (): void => void gateway.destroy()
  client.once('error', onEarlyEnd)
  gateway.once('error', onRefused).once('connect', () => {
    client.off('error', onEarlyEnd)
    gateway.off('error', onRefused)
    if (client.destroyed) return void gateway.destroy()
    const hello: GatewayHello = {
      listenerId: options.listenerId,
      clientAddress: plainAddress(client.remoteAddress ?? ''),
      clientPort: client.remotePort ?? 0,
    }
    gateway.write(`${JSON.stringify(hello)}\n`)
    if (options.firstBytes !== undefined) gateway.write(options.firstBytes)
    client.pipe(gateway)
    gateway.pipe(client)
    for (const [one, other] of [
      [client, gateway],
      [gateway, client],
    ] as const) {
      one.on('error', () => one.destroy())
      one.on('close', () => other.destroy())
    }
  })
}

/** Doors by turns, those that serve first. */
export class DoorTurns {
  private readonly isOut: (door: GatewayDoor) => boolean
  private turn = 0

  /** `isOut`: a gateway that serves nobody now. */
  constructor(isOut: (door: GatewayDoor) => boolean) {
    this.isOut = isOut
  }

  next(gateways: readonly GatewayDoor[], tried: ReadonlySet<string>): GatewayDoor | undefined {
    const left = gateways.filter((door) => !tried.has(door.socketPath))
    const well = left.filter((door) => !this.isOut(door))
    const from = well.length > 0 ? well : left
    return from[this.turn++ % Math.max(1, from.length)]
  }
}
