import { spawn } from 'node:child_process'
import {
  accessSync,
  appendFileSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { quotedWord } from '../../kernel/shell-word.ts'
import type { AppspecScript } from '../../protocol/appspec.ts'
import { note } from './archive.ts'
import { hookFiles, startTimeOf, type HookFiles } from './attach-hook.ts'
import { layoutOf, machineRoot } from './layout.ts'
import { LogTail, OutputCopy } from './hook-output.ts'
import { runnerIsFree } from './hook-runners.ts'
import type { CommandEnd, HookRequest } from './requests.ts'

/**
 * One event's scripts, run in a process of their own in the machine. Output goes through files, so that a background process that a script
 * leaves behind with its output open holds nobody up.
 */
class HookRun {
  readonly #request: HookRequest
  readonly #files: HookFiles
  readonly #scriptsLog: string
  readonly #tail = new LogTail()

  constructor(request: HookRequest) {
    this.#request = request
    this.#files = hookFiles(request)
    this.#scriptsLog = layoutOf(request.groupId, request.deploymentId).log
  }

  async run(): Promise<void> {
    const pid = String(process.pid)
    note(this.#files.pid, `${pid} ${startTimeOf(pid) ?? ''}`)
    mkdirSync(dirname(this.#scriptsLog), { recursive: true })
    let end: CommandEnd = { errorCode: 0, scriptName: '', message: 'Succeeded', log: '' }
    try {
      this.#write(`LifecycleEvent - ${this.#request.event}`)
      for (const [index, script] of this.#request.scripts.entries()) {
        const failure = await this.#script(script, index)
        if (!failure) continue
        end = { ...failure, scriptName: script.location, log: this.#tail.text() }
        break
      }
    } catch (thrown) {
      end = { errorCode: 5, scriptName: '', message: String(thrown), log: this.#tail.text() }
    }
    note(this.#files.end, JSON.stringify(end))
  }

  async #script(
    script: AppspecScript,
    index: number,
  ): Promise<{ errorCode: number; message: string } | undefined> {
    const path = join(this.#request.folder, script.location)
    const at = `Script at specified location: ${script.location}`
    this.#write(`Script - ${script.location}`)
    if (!existsSync(path)) {
      return { errorCode: 1, message: `${at} does not exist in the bundle` }
    }
    try {
      makeExecutable(path)
    } catch (thrown) {
      return { errorCode: 2, message: `${at} cannot be made executable: ${String(thrown)}` }
    }
    const stdout = this.#capture(index, 'stdout')
    const stderr = this.#capture(index, 'stderr')
    const copying = setInterval(() => (stdout.copy(), stderr.copy()), copyMilliseconds)
    const end = await this.#spawn(script, path, [stdout.descriptor, stderr.descriptor])
    clearInterval(copying)
    for (const output of [stdout, stderr]) output.finish()
    const as = script.runas === undefined ? '' : ` run as user ${script.runas}`
    if (end.error !== undefined) {
      return {
        errorCode: 4,
        message: `${at}${as} could not be started: ${end.error}${hintOf(path)}`,
      }
    }
    if (end.isTimedOut) {
      const message = `${at}${as} failed to complete in ${script.timeoutSeconds} seconds`
      return { errorCode: 3, message }
    }
    if (end.code === 0) return undefined
    const how =
      end.code === null ? `was killed by ${end.signal}` : `failed with exit code ${end.code}`
    return { errorCode: 4, message: `${at}${as} ${how}` }
  }

  #capture(index: number, stream: 'stdout' | 'stderr'): OutputCopy {
    const path = this.#files.log.replace(/log$/, `${index}.${stream}`)
    return new OutputCopy(path, openSync(path, 'w'), (line) => this.#write(`[${stream}]${line}`))
  }

  #write(line: string): void {
    this.#tail.add(line)
    appendFileSync(this.#files.log, `${line}\n`)
    appendFileSync(this.#scriptsLog, `${new Date().toISOString().slice(0, 19)} ${line}\n`)
  }

  #spawn(
    script: AppspecScript,
    path: string,
    outputs: readonly [number, number],
  ): Promise<{ code: number | null; signal: string | null; isTimedOut: boolean; error?: string }> {
    const [command, ...rest] =
      script.runas === undefined || isOwn(script.runas)
        ? [path]
        : ['su', script.runas, '-c', quotedWord(path)]
    return new Promise((resolve) => {
      let isTimedOut = false
      const child = spawn(command ?? path, rest, {
        cwd: '/',
        env: { ...inherited, ...this.#request.environment },
        stdio: ['ignore', ...outputs],
        detached: true,
      })
      const kill = (signal: NodeJS.Signals): void => {
        try {
          if (child.pid !== undefined) process.kill(-child.pid, signal)
        } catch {
          // It has ended in between.
        }
      }
      const timers: NodeJS.Timeout[] = []
      const limit = setTimeout(() => {
        isTimedOut = true
        kill('SIGTERM')
        timers.push(setTimeout(() => kill('SIGKILL'), killMilliseconds))
      }, script.timeoutSeconds * 1000)
      const settle = (): void => [limit, ...timers].forEach((timer) => clearTimeout(timer))
      child.once('error', (error) => {
        settle()
        resolve({ code: null, signal: null, isTimedOut: false, error: error.message })
      })
      child.once('exit', (code, signal) => {
        settle()
        resolve({ code, signal, isTimedOut })
      })
    })
  }
}

/** The cache of our own programs is none of the script's business. */
const { NODE_COMPILE_CACHE: _cache, ...inherited } = process.env

/** From asking a script to end to killing it. */
const killMilliseconds = 5000
const copyMilliseconds = 50

/** In a machine that is a folder, root is whoever runs it. */
function isOwn(user: string): boolean {
  return machineRoot !== '' && user === 'root'
}

function makeExecutable(path: string): void {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    chmodSync(path, (statSync(path).mode & 0o777) | 0o111)
  }
}

/** Why a script that is there cannot be started: the system says of it what it says of its missing interpreter. */
function hintOf(path: string): string {
  const [line = ''] = readFileSync(path, 'latin1').slice(0, 256).split('\n')
  const [interpreter = ''] = line.replace(/^#!\s*/, '').split(' ')
  if (!line.startsWith('#!') || existsSync(interpreter)) return ''
  return line.endsWith('\r')
    ? '; its lines end as on Windows: convert them (dos2unix), the interpreter is looked for with the carriage return'
    : `; its first line names ${interpreter}, which is not on this machine`
}

let isBusy = false

process.on('message', (requestPath: string) => {
  isBusy = true
  const request = JSON.parse(readFileSync(requestPath, 'utf8')) as HookRequest
  void new HookRun(request).run().then(() => {
    isBusy = false
    if (process.connected) process.send?.(runnerIsFree)
    else process.exit(0)
  })
})

// Who started us is gone, or has another: what runs is run to its end.
process.on('disconnect', () => {
  if (!isBusy) process.exit(0)
})
