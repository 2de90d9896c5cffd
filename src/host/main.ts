import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../kernel/errors.ts'
import { lineLog } from '../kernel/system/log.ts'
import type { HostDriver } from '../drivers/machines/host-driver.ts'
import { openNamespaces, readHolder, type UserMap } from '../drivers/namespaces/index.ts'
import { openProcessDriver } from '../drivers/process/index.ts'
import { warmStart } from '../drivers/warm-start/index.ts'
import { signalProcess } from '../drivers/processes/index.ts'
import { sockets, type InstallationFile } from '../protocol/run-directory.ts'
import { Epochs } from './epochs.ts'
import { createHostServer } from './host-server.ts'
import { supervise } from './supervise.ts'

/** Between asking a machine to end and killing it, at a shutdown. */
const shutdownGraceMilliseconds = 5000
const log = lineLog('host')

async function main(dataDirectory: string): Promise<void> {
  const installation = JSON.parse(
    readFileSync(join(dataDirectory, 'instance.json'), 'utf8'),
  ) as InstallationFile
  const driver = await openDriver(installation, dataDirectory)
  const socketPath = join(installation.runDirectory, sockets.host)
  const children = ['edge', 'agent'].map((name) => supervise(name, dataDirectory, log))
  const server = createHostServer({
    driver,
    log,
    epochs: new Epochs(join(dataDirectory, 'host', 'epoch')),
    async onShutdown(request) {
      await Promise.all(children.map((child) => child.end(1000)))
      await driver.shutDown(request.machines, shutdownGraceMilliseconds)
      server.close(() => end())
      server.closeIdleConnections()
      setTimeout(end, 500)
    },
  })
  const end = (): never => {
    rmSync(socketPath, { force: true })
    const holder = readHolder(dataDirectory)
    if (holder) signalProcess(holder, 'SIGKILL')
    process.exit(0)
  }
  rmSync(socketPath, { force: true })
  server.listen(socketPath, () => {
    chmodSync(socketPath, 0o600)
    log.write('info', 'host is ready', { driver: installation.driver, pid: process.pid })
  })
  process.once('SIGTERM', () => process.exit(0))
}

function openDriver(installation: InstallationFile, dataDirectory: string): Promise<HostDriver> {
  const { runDirectory } = installation
  if (installation.driver === 'process')
    return openProcessDriver({ dataDirectory, endpointPort: installation.port })
  const userMap = (process.env['EVENKEEL_USER_MAP'] ?? 'root') as UserMap
  return openNamespaces({ dataDirectory, runDirectory, userMap })
}

warmStart()
main(process.argv[2] ?? '.').catch((thrown: unknown) => {
  log.write('error', 'host cannot start', { reason: reasonOf(thrown) })
  process.exit(1)
})
