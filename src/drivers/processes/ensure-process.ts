import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DriverError } from '../../kernel/errors.ts'
import { currentBootId, isAlive, parsePidLine, type ProcessIdentity } from './process-identity.ts'

export interface ProcessSpec {
  /** Names its pid file and its log: `host`, `edge`. */
  readonly name: string
  readonly dataDirectory: string
  readonly command: readonly string[]
  /** Added to the environment of the starter. */
  readonly environment?: Readonly<Record<string, string>>
  readonly workingDirectory?: string
}

export interface EnsuredProcess extends ProcessIdentity {
  readonly wasAdopted: boolean
}

/** The shell writes who it is, then becomes the program: same pid, same start time. */
const wrapper =
  'read -r stat < /proc/$$/stat; printf "%s %s\\n" "$0" "$stat" > "$1"; shift; exec "$@"'

/** Long enough for a busy machine to start a shell; a shell that cannot start fails at once. */
const pidFileMillisecondsMax = 5000

/**
 * The named process of this data directory: adopted when it runs, else started detached with its output in its log. Throws a
 * DriverError when it cannot be started. One supervisor per name: callers do not race for the same one.
 */
export async function ensureProcess(spec: ProcessSpec): Promise<EnsuredProcess> {
  const running = readProcess(spec.dataDirectory, spec.name)
  if (running) return { ...running, wasAdopted: true }
  const pidFile = pidFileOf(spec.dataDirectory, spec.name)
  mkdirSync(join(spec.dataDirectory, 'processes'), { recursive: true, mode: 0o700 })
  mkdirSync(join(spec.dataDirectory, 'logs'), { recursive: true, mode: 0o700 })
  rmSync(pidFile, { force: true })
  const log = openSync(logFileOf(spec.dataDirectory, spec.name), 'a', 0o600)
  let failure: Error | undefined
  try {
    const child = spawn('/bin/sh', ['-c', wrapper, currentBootId(), pidFile, ...spec.command], {
      cwd: spec.workingDirectory ?? '/',
      detached: true,
      env: { ...process.env, ...spec.environment },
      stdio: ['ignore', log, log],
    })
    child.once('error', (error) => (failure = error))
    child.unref()
  } finally {
    closeSync(log)
  }
  for (let waited = 0; waited < pidFileMillisecondsMax; waited += 2) {
    const identity = readIdentity(pidFile)
    if (identity) return { ...identity, wasAdopted: false }
    if (failure) break
    await delay(2)
  }
  throw new DriverError(`cannot start process ${spec.name}: ${spec.command.join(' ')}`, {
    retryable: true,
    cause: failure,
  })
}

/** The named process, when it runs. */
export function readProcess(dataDirectory: string, name: string): ProcessIdentity | undefined {
  const identity = readIdentity(pidFileOf(dataDirectory, name))
  return identity && isAlive(identity) ? identity : undefined
}

export function pidFileOf(dataDirectory: string, name: string): string {
  return join(dataDirectory, 'processes', `${name}.pid`)
}

export function logFileOf(dataDirectory: string, name: string): string {
  return join(dataDirectory, 'logs', `${name}.log`)
}

function readIdentity(pidFile: string): ProcessIdentity | undefined {
  try {
    return parsePidLine(readFileSync(pidFile, 'utf8'))
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw thrown
  }
}
