import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DriverError } from '../kernel/errors.ts'
import { currentBootId, pidFileOf, readProcess } from '../drivers/processes/index.ts'

/** Writes that this process is the installation's server; refuses while another one lives. */
export async function claimServer(dataDirectory: string): Promise<void> {
  const other = readProcess(dataDirectory, 'server')
  if (other && other.pid !== process.pid) {
    throw new DriverError(
      `a server runs here already (pid ${other.pid}); 'evenkeel status' shows it, 'evenkeel down' stops it`,
      { retryable: false },
    )
  }
  const path = pidFileOf(dataDirectory, 'server')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const stat = await readFile('/proc/self/stat', 'utf8')
  await writeFile(path, `${currentBootId()} ${stat.trim()}\n`, { mode: 0o600 })
}

export async function releaseServer(dataDirectory: string): Promise<void> {
  await rm(pidFileOf(dataDirectory, 'server'), { force: true })
}
