import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { deviceName } from '../../src/drivers/namespaces/paths.ts'
import { createHostClient, type HostClient } from '../../src/drivers/host-client/index.ts'
import { probeDriver } from '../../src/drivers/namespaces/index.ts'
import { startHost } from '../../src/host/start-host.ts'
import { readProcess, stopProcess } from '../../src/drivers/processes/index.ts'
import type { InstallationFile } from '../../src/protocol/run-directory.ts'
import type { HostWorld } from '../../src/testing/conformance/host-world.ts'

export interface HostFixture extends HostWorld {
  readonly client: HostClient
  readonly dataDirectory: string
  readonly runDirectory: string
  /** Ends everything and removes the folders. */
  close(): Promise<void>
}

/** A host process of its own, with a data directory whose name has a space in it. */
export async function openHostFixture(driver: InstallationFile['driver']): Promise<HostFixture> {
  const base = mkdtempSync(join(tmpdir(), 'ek-host-'))
  const dataDirectory = join(base, 'data directory')
  const runDirectory = join(base, 'run')
  mkdirSync(dataDirectory, { mode: 0o700 })
  mkdirSync(runDirectory, { mode: 0o700 })
  const installation: InstallationFile = {
    runDirectory,
    driver,
    port: 0,
    sitePort: 0,
    region: 'us-east-1',
    account: '000000000000',
    authentication: 'off',
  }
  writeFileSync(join(dataDirectory, 'instance.json'), JSON.stringify(installation))
  await startHost(dataDirectory)
  const client = createHostClient({ socketPath: join(runDirectory, 'host.sock'), epoch: () => 0 })
  return {
    client,
    compute: client,
    network: client,
    isReal: true,
    hasUsers: driver === 'namespaces' && (await probeDriver()).userMap !== 'single',
    dataDirectory,
    runDirectory,
    killMachine: (status) => void process.kill(status.pid ?? 0, 'SIGKILL'),
    async restartHost() {
      const host = readProcess(dataDirectory, 'host')
      if (host) await stopProcess(host, 0)
      await startHost(dataDirectory)
    },
    async close() {
      await client.shutDown({ machines: 'terminate' })
      for (const name of ['host', 'holder']) {
        const left = readProcess(dataDirectory, name)
        if (left) await stopProcess(left, 2000)
      }
      rmSync(base, { recursive: true, force: true })
    },
  }
}

/** What is there of this installation, as text: nothing but its folder must be left after a shutdown. */
export function tracesOf(fixture: HostFixture, networkIds: readonly string[]): string {
  const base = dirname(fixture.runDirectory)
  const links = run('ip', '-o', 'link')
  const devices = networkIds.map((id) => deviceName('ek', `${fixture.runDirectory}/${id}`))
  const mentions = ['/proc/self/mountinfo', '/proc/net/unix'].map((file) =>
    readFileSync(file, 'utf8'),
  )
  return [
    ...devices.filter((device) => links.includes(device)),
    ...[run('ps', '-eo', 'args'), ...mentions].flatMap((text) =>
      text.split('\n').filter((line) => line.includes(base)),
    ),
  ].join('\n')
}

function run(command: string, ...args: readonly string[]): string {
  const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` }
  return execFileSync(command, args, { encoding: 'utf8', env: environment })
}
