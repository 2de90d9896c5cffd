import type { InstallationFile } from '../protocol/run-directory.ts'
import { plainAddress } from '../drivers/node-proxy/index.ts'
import { openInside } from '../drivers/namespaces/doors.ts'
import type { OpenInside } from './inside-doors.ts'

/** How this installation opens sockets inside networks. */
export function openInsideOf(installation: InstallationFile): OpenInside {
  return async (networkId, at, take) => {
    const server = await openInside(installation.runDirectory, networkId, at)
    server.on('connection', (socket) => take(socket, plainAddress(socket.remoteAddress ?? '')))
    return server
  }
}
