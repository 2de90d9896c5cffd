import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../kernel/system/clock.ts'
import { errorPage, localResponseText } from '../node-proxy/index.ts'
import { sayToHaproxy } from './runtime-api.ts'

/** Between questions to a process that starts. */
const startPollMilliseconds = 10
/** A process that has not said anything for so long will not. */
const startMillisecondsMax = 5000

export type StartResult =
  | { readonly ok: true }
  /** `isPlace`: an address or port is not to be had (yet). */
  | { readonly ok: false; readonly isPlace: boolean; readonly reason: string }

/** One HAProxy process, its folder with configuration and sockets, and its end. */
export class HaproxyProcess {
  readonly folder: string
  isOver = false
  /** How it ended, in words. */
  end = ''
  readonly ended: Promise<void>
  private readonly child: ChildProcess
  private stderr = ''

  /** Starts it beside `before`, whose listening sockets it takes over and which it lets finish. */
  constructor(options: {
    readonly program: string
    readonly folder: string
    readonly text: string
    readonly files: ReadonlyMap<string, string>
    readonly before: HaproxyProcess | undefined
    onOver(process: HaproxyProcess): void
  }) {
    const { folder, before } = options
    this.folder = folder
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    for (const [name, text] of [...options.files, ...errorFiles()]) {
      writeFileSync(join(folder, name), text, { mode: 0o600 })
    }
    writeFileSync(join(folder, 'haproxy.cfg'), options.text, { mode: 0o600 })
    const takeOver =
      before === undefined ? [] : ['-x', before.socketPath, '-sf', String(before.child.pid)]
    // Without its gateway nobody would tell it anything: it ends with us.
    const words = ['--pdeathsig', 'KILL', options.program, '-db', '-f', join(folder, 'haproxy.cfg')]
    this.child = spawn('setpriv', [...words, ...takeOver], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.child.stderr?.on('data', (bytes: Buffer) => {
      this.stderr = (this.stderr + String(bytes)).slice(-4000)
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ended = promise
    const over = (): void => {
      if (this.isOver) return
      this.isOver = true
      resolve()
      rmSync(folder, { recursive: true, force: true })
      options.onOver(this)
    }
    this.child.on('exit', (code, signal) => {
      this.end = signal ?? `exit ${code}`
      over()
    })
    this.child.on('error', (error) => {
      this.stderr += error.message
      over()
    })
  }

  get socketPath(): string {
    return join(this.folder, 'stats.sock')
  }

  /** Resolves once it serves, or has ended instead. */
  async started(): Promise<StartResult> {
    const until = Date.now() + startMillisecondsMax
    while (!this.isOver) {
      try {
        await sayToHaproxy(this.socketPath, ['show version'])
        return { ok: true }
      } catch (thrown) {
        if (Date.now() > until) {
          this.kill()
          return { ok: false, isPlace: false, reason: String(thrown) }
        }
      }
      await systemClock.sleep(startPollMilliseconds)
    }
    const alerts = this.stderr.split('\n').filter((line) => line.includes('[ALERT]'))
    const reason = alerts.join(' ') || this.stderr
    return { ok: false, isPlace: /cannot bind socket/i.test(reason), reason }
  }

  /** No new connections; it ends when those that stand have ended. */
  finish(): void {
    this.child.kill('SIGUSR1')
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }
}

/** Our own error pages, as whole answers. */
function errorFiles(): readonly (readonly [string, string])[] {
  return [400, 405, 408, 500, 501, 502, 503, 504].map((status) => {
    const how = { method: 'GET', isLast: true, serverName: 'awselb/2.0' }
    const text = localResponseText(errorPage(status), how).replace(/Date: [^\r]*\r\n/, '')
    return [`${status}.http`, text]
  })
}
