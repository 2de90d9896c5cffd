import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { DriverError } from '../kernel/errors.ts'
import { createHostClient } from '../drivers/host-client/index.ts'
import { ensureHolder, enterHolder, probeDriver } from '../drivers/namespaces/index.ts'
import {
  ensureProcess,
  isAlive,
  logFileOf,
  type EnsuredProcess,
} from '../drivers/processes/index.ts'
import { sockets, type InstallationFile } from '../protocol/run-directory.ts'

/** Node starts in some 50 ms and the workspace is made in as many; a slow machine gets a hundred times that. */
const readyMillisecondsMax = 10_000

/**
 * The host process of a data directory, adopted or started (inside the namespace holder, where the driver is `namespaces`), and
 * answering on its socket. The data directory holds `instance.json`. Repeatable; call it again whenever the host has died.
 */
export async function startHost(dataDirectory: string): Promise<EnsuredProcess> {
  const installation = JSON.parse(
    readFileSync(join(dataDirectory, 'instance.json'), 'utf8'),
  ) as InstallationFile
  // One that was dying when it was adopted is started anew; one that we started and that died at once is not.
  const { enter, environment } = await placeOf(installation, dataDirectory)
  const entry = fileURLToPath(new URL('main.ts', import.meta.url))
  const start = (): Promise<EnsuredProcess> =>
    ensureProcess({
      name: 'host',
      dataDirectory,
      command: [...enter, process.execPath, entry, dataDirectory],
      environment,
    })
  const socketPath = join(installation.runDirectory, sockets.host)
  let host = await start()
  for (let waited = 0; waited < readyMillisecondsMax; waited += 5) {
    if (await answers(socketPath)) return host
    if (!isAlive(host)) {
      if (!host.wasAdopted) break
      host = await start()
    }
    await delay(5)
  }
  const where = logFileOf(dataDirectory, 'host')
  throw new DriverError(`the host process did not come up; see ${where}`, { retryable: true })
}

async function placeOf(
  installation: InstallationFile,
  dataDirectory: string,
): Promise<{ enter: readonly string[]; environment: Record<string, string> }> {
  if (installation.driver === 'process') return { enter: [], environment: {} }
  const { userMap } = await probeDriver()
  if (!userMap)
    throw new DriverError('namespaces do not work here; see evenkeel doctor', { retryable: false })
  const { runDirectory } = installation
  const holder = await ensureHolder({ dataDirectory, runDirectory, userMap })
  return { enter: enterHolder(holder, userMap), environment: { EVENKEEL_USER_MAP: userMap } }
}

/** A whole answer: a dying process's socket still takes connections. */
async function answers(socketPath: string): Promise<boolean> {
  try {
    await createHostClient({ socketPath, epoch: () => 0 }).list()
    return true
  } catch {
    return false
  }
}
