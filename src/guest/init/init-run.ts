import { spawnSync } from 'node:child_process'
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ToolFailure, type MachineContext } from '../machine-context.ts'
import type { Authentications } from './authentication.ts'

/** One run of cfn-init over one config. */
export interface InitRun {
  readonly machine: MachineContext
  readonly authentications: Authentications
  /** What this config changed, for services that are to be restarted then. */
  readonly changed: {
    readonly files: Set<string>
    readonly sources: Set<string>
    readonly packages: Set<string>
    readonly commands: Set<string>
  }
}

export function newInitRun(machine: MachineContext, authentications: Authentications): InitRun {
  const changed = {
    files: new Set<string>(),
    sources: new Set<string>(),
    packages: new Set<string>(),
    commands: new Set<string>(),
  }
  return { machine, authentications, changed }
}

export interface Ran {
  readonly code: number
  /** Both streams, as they came. */
  readonly output: string
}

export interface Program {
  readonly command: readonly string[]
  readonly cwd?: string
  readonly environment?: NodeJS.ProcessEnv
}

/** What programs of a machine find their tools by. */
const searchPath =
  '/opt/aws/shims:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/aws/bin'

/**
 * Runs a program to its end. Its output goes to a file, not to a pipe: what a program leaves running in the background would hold a pipe
 * open for ever.
 */
export function runProgram({ path, root }: MachineContext, program: Program): Ran {
  const [name = '', ...words] = program.command
  const log = path('/var/log/cfn-init-cmd.log')
  mkdirSync(dirname(log), { recursive: true })
  const output = openSync(log, 'a')
  const before = fstatSync(output).size
  const inherited = root === '' ? { ...process.env, PATH: searchPath } : process.env
  try {
    const { status, signal, error } = spawnSync(name, words, {
      cwd: program.cwd ?? (root === '' ? '/' : root),
      env: program.environment ?? inherited,
      stdio: ['ignore', output, output],
    })
    if (error) return { code: 127, output: error.message }
    const said = readFileSync(log).subarray(before).toString('utf8')
    return { code: status ?? 128, output: signal === null ? said : `${said}ended by ${signal}` }
  } finally {
    closeSync(output)
  }
}

/** The same, and its output. Throws a `ToolFailure` with the program's own last words when it fails. */
export function needProgram(machine: MachineContext, what: string, program: Program): string {
  const { code, output } = runProgram(machine, program)
  if (code === 0) return output
  const words = output.trim().split('\n').slice(-linesShownMax).join('; ')
  throw new ToolFailure(`${what} failed (exit code ${code}): ${words}`)
}

const linesShownMax = 5
