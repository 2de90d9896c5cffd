import type { InstallationFile } from '../protocol/run-directory.ts'
import { plainAddress } from '../drivers/node-proxy/index.ts'
import { openInside } from '../drivers/namespaces/doors.ts'
import { openNamesInside } from '../drivers/namespaces/name-doors.ts'
import type { OpenInside } from './inside-doors.ts'
import type { OpenNames } from './name-doors.ts'

/** How this installation opens sockets inside networks. */
export function openInsideOf(installation: InstallationFile): OpenInside {
  return async (networkId, at, take) => {
    const servers = await openInside(installation.runDirectory, networkId, at)
    servers.forEach((server, index) =>
      server.on('connection', (socket) =>
        take(socket, {
          port: at.ports[index] ?? 0,
          clientAddress: plainAddress(socket.remoteAddress ?? ''),
        }),
      ),
    )
    return {
      close() {
        for (const server of servers) server.close()
      },
    }
  }
}

/** Likewise of a name server; undefined where networks have no addresses of their own. */
export function openNamesOf(installation: InstallationFile): OpenNames | undefined {
  if (installation.driver === 'process') return undefined
  return (networkId, addresses) => openNamesInside(installation.runDirectory, networkId, addresses)
}
