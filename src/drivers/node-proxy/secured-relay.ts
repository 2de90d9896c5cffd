import type { TLSSocket } from 'node:tls'
import { HandshakingConnection } from './handshaking-connection.ts'
import type { KeptConnection } from './stream-connection.ts'
import type { TcpRelay } from './tcp-relay.ts'

/** A handshake that takes longer is not waited for. */
const handshakeMilliseconds = 60_000

/** A connection of a TLS listener: joined to a target once its handshake is over, so that no target waits for one. */
export class SecuredRelay extends HandshakingConnection<TcpRelay> {
  constructor(
    socket: TLSSocket,
    options: {
      begin(onGone: () => void): TcpRelay
      onGone(connection: KeptConnection): void
    },
  ) {
    super(socket, {
      handshakeMilliseconds,
      begin: () => options.begin(() => options.onGone(this)),
      onClose: (relay) => {
        if (relay === undefined) options.onGone(this)
      },
    })
  }
}
