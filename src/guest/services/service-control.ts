import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { ToolFailure } from '../machine-context.ts'
import { findService, type Definition } from './find-service.ts'
import { commandOf, type Unit } from './unit-file.ts'

/** Every process of a service carries its name, wherever it goes. */
const mark = 'EVENKEEL_SERVICE'
const stateFolder = '/run/evenkeel-services'
const perBoot = '/var/lib/cloud/scripts/per-boot'
const stopMilliseconds = 10_000
const pauseMilliseconds = 50
/** A simple service that ends sooner than this has not started. */
const settleMilliseconds = 300

/** A machine's services, without systemd. All throw a `ToolFailure` that names the service. */
export class ServiceControl {
  readonly name: string
  readonly #definition: Definition

  constructor(asked: string) {
    const found = findService(asked)
    if (!found) throw new ToolFailure(`Unit ${asked}.service could not be found.`)
    this.name = found.name
    this.#definition = found.definition
  }

  async start(): Promise<void> {
    if (this.isRunning()) return
    const definition = this.#definition
    if (definition.kind === 'script') this.#script(definition.path, 'start')
    else await this.#startUnit(definition.unit)
  }

  async stop(): Promise<void> {
    const definition = this.#definition
    if (definition.kind === 'script') this.#script(definition.path, 'stop')
    else for (const line of definition.unit.stop) this.#run(definition.unit, line)
    rmSync(this.#statePath(), { force: true })
    await this.#end()
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  async reload(): Promise<void> {
    const definition = this.#definition
    if (definition.kind === 'script') this.#script(definition.path, 'reload')
    else if (definition.unit.reload.length === 0) await this.restart()
    else for (const line of definition.unit.reload) this.#run(definition.unit, line)
  }

  isRunning(): boolean {
    const definition = this.#definition
    if (definition.kind === 'script' && scriptSays(definition.path)) return true
    if (definition.kind === 'unit' && definition.unit.kind === 'oneshot') {
      return definition.unit.remainsAfterExit && existsSync(this.#statePath())
    }
    return this.#processes().length > 0
  }

  isEnabled(): boolean {
    return existsSync(this.#bootPath())
  }

  /** Started at each boot from now on, or no more. */
  enable(isEnabled: boolean): void {
    if (!isEnabled) return rmSync(this.#bootPath(), { force: true })
    mkdirSync(perBoot, { recursive: true })
    writeFileSync(this.#bootPath(), `#!/bin/sh\nexec /opt/aws/shims/systemctl start ${this.name}\n`)
    chmodSync(this.#bootPath(), 0o755)
  }

  #bootPath(): string {
    return join(perBoot, `50-service-${this.name}`)
  }

  #statePath(): string {
    return join(stateFolder, this.name)
  }

  async #startUnit(unit: Unit): Promise<void> {
    for (const line of unit.before) this.#run(unit, line)
    const [main, ...others] = unit.start
    if (main === undefined) throw new ToolFailure(`service ${this.name} has no ExecStart`)
    if (unit.kind === 'simple') return this.#startSimple(unit, main)
    for (const line of [main, ...others]) this.#run(unit, line)
    mkdirSync(stateFolder, { recursive: true })
    writeFileSync(this.#statePath(), '')
  }

  async #startSimple(unit: Unit, line: string): Promise<void> {
    const { file, words, options } = this.#program(unit, line)
    const log = openSync(`/var/log/${this.name}.service.log`, 'a', 0o640)
    const child = spawn(file, words, { ...options, detached: true, stdio: ['ignore', log, log] })
    let problem: string | undefined
    child.once('error', (thrown) => (problem = thrown.message))
    child.once('exit', (code, signal) => (problem ??= `it ended at once (${signal ?? code})`))
    closeSync(log)
    await delay(settleMilliseconds)
    child.unref()
    if (problem !== undefined) {
      throw new ToolFailure(
        `service ${this.name} did not start: ${problem}; see /var/log/${this.name}.service.log`,
      )
    }
  }

  /** Runs a line of the unit to its end. */
  #run(unit: Unit, line: string): void {
    const { file, words, options, mayFail } = this.#program(unit, line)
    const log = openSync(`/var/log/${this.name}.service.log`, 'a', 0o640)
    const { status, error } = spawnSync(file, words, { ...options, stdio: ['ignore', log, log] })
    closeSync(log)
    if (status === 0 || mayFail) return
    const reason = error ? error.message : `exit code ${status}`
    throw new ToolFailure(
      `service ${this.name}: ${line} failed: ${reason}; see /var/log/${this.name}.service.log`,
    )
  }

  #program(unit: Unit, line: string): Program {
    const environment: Record<string, string | undefined> = {
      ...process.env,
      ...unit.environment,
      ...Object.assign({}, ...unit.environmentFiles.map(assignmentsIn)),
      [mark]: this.name,
      MAINPID: String(this.#processes()[0] ?? ''),
    }
    const { words, mayFail } = commandOf(line, environment)
    const asUser = unit.user === undefined || unit.user === 'root' ? [] : runAs(unit.user)
    const [file = '', ...rest] = [...asUser, ...words]
    const options = { cwd: unit.workingDirectory?.replace(/^-/, '') ?? '/', env: environment }
    return { file, words: rest, options, mayFail }
  }

  #script(path: string, verb: string): void {
    const { status, error } = spawnSync(path, [verb], {
      cwd: '/',
      env: { ...process.env, [mark]: this.name },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    if (status === 0) return
    throw new ToolFailure(
      `${path} ${verb} failed: ${error ? error.message : `exit code ${status}`}`,
    )
  }

  /** Of the pid file, and all that carry the mark, but those that ask. */
  #processes(): readonly number[] {
    const definition = this.#definition
    const pidFile = definition.kind === 'unit' ? definition.unit.pidFile : undefined
    const main =
      pidFile !== undefined && existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0
    const marked = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && carries(name, this.name))
      .map(Number)
      .filter((pid) => pid !== process.pid)
    return main > 0 && existsSync(`/proc/${main}`) ? [main, ...marked] : marked
  }

  async #end(): Promise<void> {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      for (const pid of this.#processes()) kill(pid, signal)
      for (let waited = 0; waited < stopMilliseconds; waited += pauseMilliseconds) {
        if (this.#processes().length === 0) return
        await delay(pauseMilliseconds)
      }
    }
    throw new ToolFailure(`service ${this.name} does not end`)
  }
}

interface Program {
  readonly file: string
  readonly words: readonly string[]
  readonly options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }
  readonly mayFail: boolean
}

function runAs(user: string): readonly string[] {
  return ['setpriv', `--reuid=${user}`, '--init-groups', '--']
}

function scriptSays(path: string): boolean {
  return spawnSync(path, ['status'], { stdio: 'ignore' }).status === 0
}

function carries(pid: string, name: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
    const isEnded = /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return !isEnded && environment.split('\0').includes(`${mark}=${name}`)
  } catch {
    return false
  }
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}

function assignmentsIn(path: string): Readonly<Record<string, string>> {
  const file = path.replace(/^-/, '')
  if (!existsSync(file)) {
    if (path.startsWith('-')) return {}
    throw new ToolFailure(`the EnvironmentFile ${file} does not exist`)
  }
  const lines = readFileSync(file, 'utf8').split('\n')
  const pairs = lines.flatMap((line) => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*?)\s*$/.exec(line) ?? []
    return name === undefined ? [] : [[name, (value ?? '').replace(/^(["'])(.*)\1$/, '$2')]]
  })
  return Object.fromEntries(pairs) as Record<string, string>
}
