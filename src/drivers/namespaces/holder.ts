import { mkdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { readlinkSync } from 'node:fs'
import { DriverError } from '../../kernel/errors.ts'
import {
  ensureProcess,
  readProcess,
  stopProcess,
  type ProcessIdentity,
} from '../processes/index.ts'
import { workspacePath } from './paths.ts'
import { runCommand, toolEnvironment } from './run-command.ts'

export type UserMap = 'root' | 'subordinate' | 'single'

export interface HolderSpec {
  readonly dataDirectory: string
  readonly runDirectory: string
  readonly userMap: UserMap
}

const name = 'holder'

/**
 * The process that holds this installation's mount namespace (and user namespace): adopted, or started. Everything that
 * runs in it is started through `enterHolder`.
 */
export async function ensureHolder(spec: HolderSpec): Promise<ProcessIdentity> {
  const workspace = workspacePath(spec.runDirectory)
  mkdirSync(workspace, { recursive: true, mode: 0o700 })
  const hold = `mount -t tmpfs -o mode=755 tmpfs '${workspace}' && mkdir '${workspace}/net' && exec sleep infinity`
  const holder = await ensureProcess({
    name,
    dataDirectory: spec.dataDirectory,
    command: [
      'unshare',
      ...unshareFlags(spec.userMap),
      '--propagation',
      'private',
      'sh',
      '-c',
      hold,
    ],
    environment: { PATH: toolEnvironment['PATH'] ?? '' },
  })
  await waitUntilHeld(holder)
  return holder
}

export function readHolder(dataDirectory: string): ProcessIdentity | undefined {
  return readProcess(dataDirectory, name)
}

/** Ends the holder: with the last process in them, the namespaces and all their mounts are gone. */
export async function endHolder(dataDirectory: string): Promise<void> {
  const holder = readHolder(dataDirectory)
  if (holder) await stopProcess(holder, 0)
}

/** The words before a command that make it run inside the holder. `nsenter` becomes the command, so pids stay true. */
export function enterHolder(holder: ProcessIdentity, userMap: UserMap): readonly string[] {
  const user = userMap === 'root' ? [] : ['--user', '--preserve-credentials']
  return ['nsenter', '--target', String(holder.pid), ...user, '--mount', '--wd=/']
}

export function unshareFlags(userMap: UserMap): readonly string[] {
  if (userMap === 'root') return ['--mount']
  if (userMap === 'single') return ['--user', '--map-root-user', '--mount']
  return ['--user', '--map-root-user', '--map-auto', '--mount']
}

/** Removes a folder with what machines' users own in it, for an ordinary user with subordinate ids. Nothing may run in it. */
export async function removeThroughMap(folder: string): Promise<void> {
  await runCommand('unshare', [...unshareFlags('subordinate'), 'rm', '-rf', '--', folder])
}

/** The shell has become `sleep` only after the workspace is mounted. */
async function waitUntilHeld(holder: ProcessIdentity): Promise<void> {
  for (let attempt = 0; attempt < 2500; attempt++) {
    try {
      if (readlinkSync(`/proc/${holder.pid}/exe`).includes('sleep')) return
    } catch (thrown) {
      throw new DriverError('the namespace holder ended at once; see logs/holder.log', {
        retryable: true,
        cause: thrown,
      })
    }
    await delay(2)
  }
  throw new DriverError('the namespace holder did not come up', { retryable: true })
}
