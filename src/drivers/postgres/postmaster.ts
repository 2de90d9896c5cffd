import { readFile, readdir, readlink, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** What `postmaster.pid` says of the server of a data directory. */
export interface Postmaster {
  readonly pid: number
  readonly socketDirectory: string
  readonly isReady: boolean
}

/** PostgreSQL's own file: pid, data directory, start time, port, socket directory, address, shared memory key, status. */
export async function readPostmaster(dataDirectory: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  return {
    pid,
    socketDirectory: lines[4] ?? '',
    isReady: lines[7]?.trim() === 'ready',
  }
}

/** Every process of PostgreSQL works in its data directory, so a pid that was given to another program is told apart. */
export async function worksIn(pid: number, dataDirectory: string): Promise<boolean> {
  const [folder, data] = await Promise.all([
    readlink(`/proc/${pid}/cwd`).catch(() => undefined),
    realpath(dataDirectory).catch(() => undefined),
  ])
  return folder !== undefined && folder === data
}

/** The server and its children, also those that outlive a killed server for a moment. */
async function processesIn(dataDirectory: string): Promise<number[]> {
  const entries = await readdir('/proc').catch(() => [])
  const pids = entries.map(Number).filter((pid) => pid > 0)
  const theirs = await Promise.all(pids.map((pid) => worksIn(pid, dataDirectory)))
  return pids.filter((_pid, index) => theirs[index])
}

/** Polls until there is none left, at most `milliseconds` long; true when so. */
export async function processesEnd(dataDirectory: string, milliseconds: number): Promise<boolean> {
  for (let waited = 0; waited <= milliseconds; waited += pollMilliseconds) {
    const pids = await processesIn(dataDirectory)
    if (pids.length === 0) return true
    await pause(pollMilliseconds)
  }
  return false
}

export const pollMilliseconds = 10

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown
  }
}
