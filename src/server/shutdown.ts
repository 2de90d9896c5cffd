import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { endHolder } from '../drivers/namespaces/index.ts'
import { adoptEmbeddedPostgres } from '../drivers/postgres/index.ts'
import { readProcess, stopProcess } from '../drivers/processes/index.ts'
import { createHostClient } from '../drivers/host-client/index.ts'
import { startHost } from '../host/start-host.ts'
import { silentLog } from '../kernel/ports.ts'
import { sockets, type InstallationFile } from '../protocol/run-directory.ts'
import { readInstallationFile } from './installation.ts'
import { postgresDirectory } from './open-store.ts'
import { releaseServer } from './server-claim.ts'

/** What a stop asks first; machines then get their own grace. */
const serverGraceMilliseconds = 60_000
const processGraceMilliseconds = 5_000

/**
 * Stops machines and processes of an installation and keeps their state. Works whatever still lives: a server that was killed, a
 * host that was killed, or nothing at all. Leaves no process, mount, namespace, link, rule or socket.
 */
export async function stopInstallation(dataDirectory: string): Promise<void> {
  const server = readProcess(dataDirectory, 'server')
  if (server && server.pid !== process.pid) {
    await stopProcess(server, serverGraceMilliseconds)
  }
  const file = await readInstallationFile(dataDirectory)
  // The last thing that a clean stop removes.
  if (!file || !existsSync(file.runDirectory)) return releaseServer(dataDirectory)
  await stopHost(dataDirectory, file)
  for (const name of ['agent', 'edge', 'host']) {
    const running = readProcess(dataDirectory, name)
    if (running) await stopProcess(running, processGraceMilliseconds)
  }
  if (file.driver === 'namespaces') await endHolder(dataDirectory)
  const postgres = await adoptEmbeddedPostgres({
    dataDirectory: postgresDirectory(dataDirectory),
    runDirectory: file.runDirectory,
    log: silentLog,
  })
  await postgres?.stop()
  await rm(file.runDirectory, { recursive: true, force: true })
  await releaseServer(dataDirectory)
}

/** A host that was killed is started once more: only it knows how to stop machines that outlived it. */
async function stopHost(dataDirectory: string, file: InstallationFile): Promise<void> {
  const isRunning = readProcess(dataDirectory, 'host') !== undefined
  const mayHaveMachines =
    file.driver === 'namespaces'
      ? readProcess(dataDirectory, 'holder') !== undefined
      : existsSync(join(dataDirectory, 'machines'))
  if (!isRunning && !mayHaveMachines) return
  await startHost(dataDirectory)
  const host = createHostClient({
    socketPath: join(file.runDirectory, sockets.host),
    epoch: () => 0,
  })
  await host.shutDown({ machines: 'stop' })
}
