import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/**
 * Cuts a connection so that its far end does not take it for a proper end. One whose end has been said is closed instead: Node loses the
 * descriptor of a socket that is reset while its shutdown is under way, never tells of its close, and cannot exit any more. A Unix socket knows
 * no reset, and Node throws: it is closed too.
 */
export function resetSocket(socket: Socket): void {
  // One inside TLS has no reset either: its far end sees that nobody said the end.
  if (socket instanceof TLSSocket || socket.writableEnded || socket.remoteAddress === undefined)
    socket.destroy()
  else socket.resetAndDestroy()
}
