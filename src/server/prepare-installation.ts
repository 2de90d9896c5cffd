import { spawnSync } from 'node:child_process'
import net from 'node:net'
import { DriverError } from '../kernel/errors.ts'
import { probeDriver, type ProbeResult } from '../drivers/namespaces/index.ts'
import { processLacks } from '../drivers/process/index.ts'
import { readProcess } from '../drivers/processes/index.ts'
import type { InstallationFile } from '../protocol/run-directory.ts'
import { openInstallation, readInstallationFile, writeInstallationFile } from './installation.ts'
import type { ServerOptions } from './options.ts'
import { claimServer } from './server-claim.ts'

/** An installation whose folders and `instance.json` are there, claimed by this process. */
export interface Prepared extends InstallationFile {
  readonly dataDirectory: string
  /** What this machine lacks, in words for a person. */
  readonly lacks: readonly string[]
}

/** Makes or opens the folders, decides what an earlier run has not decided already, and writes it down. */
export async function prepareInstallation(options: ServerOptions, port: number): Promise<Prepared> {
  const { dataDirectory } = options
  if (options.dataPlane === 'haproxy') requireHaproxy()
  const installation = await openInstallation(dataDirectory)
  await claimServer(dataDirectory)
  const before = await readInstallationFile(dataDirectory)
  const hostRuns = readProcess(dataDirectory, 'host') !== undefined
  const { driver, lacks } = await chooseDriver(options, hostRuns ? before?.driver : undefined)
  const file: InstallationFile = {
    runDirectory: installation.runDirectory,
    port,
    sitePort: await chooseSitePort(options, port, hostRuns ? before?.sitePort : undefined),
    namePort: await chooseNamePort(options, port, hostRuns ? before?.namePort : undefined),
    region: options.region,
    account: options.account,
    driver,
    authentication: options.authentication,
    ...(options.gitHubUrl !== undefined && { gitHubUrl: options.gitHubUrl }),
  }
  await writeInstallationFile(installation, file)
  return { ...file, dataDirectory, lacks }
}

/** Asked for by name it must be there; what gateways find missing later falls back to the built-in plane. */
function requireHaproxy(): void {
  if (spawnSync('haproxy', ['-v']).status === 0) return
  throw new DriverError('--data-plane haproxy: there is no haproxy on this machine', {
    retryable: false,
  })
}

/** What runs already stays as it is; else what was asked for, when this machine can do it. */
async function chooseDriver(
  options: ServerOptions,
  running: InstallationFile['driver'] | undefined,
): Promise<{ driver: InstallationFile['driver']; lacks: readonly string[] }> {
  const probed = await probeDriver()
  if (running) {
    if (options.driver !== 'auto' && options.driver !== running) {
      throw new DriverError(
        `machines run here with the ${running} driver; 'evenkeel down' first, then --driver ${options.driver}`,
        { retryable: false },
      )
    }
    return { driver: running, lacks: lacksOf(running, probed) }
  }
  if (options.driver === 'namespaces' && probed.driver !== 'namespaces') {
    throw new DriverError(`the namespaces driver cannot run here: ${probed.lacks.join('; ')}`, {
      retryable: false,
    })
  }
  const driver = options.driver === 'auto' ? probed.driver : options.driver
  return { driver, lacks: lacksOf(driver, probed) }
}

/** Of the driver that runs, which need not be the one that the probe would choose. */
function lacksOf(driver: InstallationFile['driver'], probed: ProbeResult): readonly string[] {
  return driver === 'process' && probed.driver !== 'process' ? processLacks() : probed.lacks
}

/** An adopted edge keeps its port; asked for 0, any free one; else the endpoint's port plus one. */
async function chooseSitePort(
  options: ServerOptions,
  port: number,
  running: number | undefined,
): Promise<number> {
  if (running !== undefined) return running
  if (options.sitePort) return options.sitePort
  if (options.sitePort === 0 || options.port === 0) return freePort()
  return port + 1
}

/** Likewise, and else the endpoint's port plus two. */
async function chooseNamePort(
  options: ServerOptions,
  port: number,
  running: number | undefined,
): Promise<number> {
  return running ?? (options.port === 0 ? freePort() : port + 2)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
