import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { StringDecoder } from 'node:string_decoder'
import { layoutOf } from './layout.ts'
import type { HookRunners } from './hook-runners.ts'
import type { CommandEnd, HookRequest } from './requests.ts'

/** Files of one event's run, in the deployment's `commands` folder. */
export interface HookFiles {
  readonly request: string
  /** Made once, by whoever comes first. */
  readonly claim: string
  /** The runner's process id, as soon as it runs. */
  readonly pid: string
  readonly log: string
  readonly end: string
}

export function hookFiles(request: HookRequest): HookFiles {
  const { commands } = layoutOf(request.groupId, request.deploymentId)
  const file = (ending: string): string => join(commands, `${request.event}.${ending}`)
  return {
    request: file('request.json'),
    claim: file('claim'),
    pid: file('pid'),
    log: file('log'),
    end: file('end.json'),
  }
}

const pauseMilliseconds = 20
/** A runner that has not written its pid after so long never started: the machine died in between. */
const startMilliseconds = 10_000

/** Starts the event's scripts unless they were started already, and follows them to their end. */
export async function attachHook(
  request: HookRequest,
  runners: HookRunners,
  tell: (log: string) => void,
): Promise<CommandEnd> {
  const files = hookFiles(request)
  mkdirSync(layoutOf(request.groupId, request.deploymentId).commands, { recursive: true })
  if (claim(files.claim)) {
    writeFileSync(files.request, JSON.stringify(request), { mode: 0o600 })
    runners.run(files.request)
  }
  const follower = new Follower(files.log, tell)
  const since = Date.now()
  for (;;) {
    const isEnded = existsSync(files.end)
    follower.read()
    if (isEnded) return JSON.parse(readFileSync(files.end, 'utf8')) as CommandEnd
    if (isGone(files, since) && !existsSync(files.end)) return interrupted(request)
    await sleep(pauseMilliseconds)
  }
}

function claim(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'))
    return true
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw thrown
  }
}

function isGone(files: HookFiles, since: number): boolean {
  if (!existsSync(files.pid)) return Date.now() - since > startMilliseconds
  const [pid = '', startTime = ''] = readFileSync(files.pid, 'utf8').split(' ')
  return pid !== '' && startTimeOf(pid) !== startTime.trim()
}

/** When a process started, in the kernel's ticks: tells it from another that got its number. */
export function startTimeOf(pid: string): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function interrupted(request: HookRequest): CommandEnd {
  const message = `${request.event} was interrupted: the machine was restarted while its script ran`
  return { errorCode: 7, scriptName: '', message, log: '' }
}

/** Tells what a growing file has gained. */
class Follower {
  readonly #path: string
  readonly #tell: (log: string) => void
  readonly #decoder = new StringDecoder('utf8')
  #offset = 0

  constructor(path: string, tell: (log: string) => void) {
    this.#path = path
    this.#tell = tell
  }

  read(): void {
    if (!existsSync(this.#path)) return
    const file = openSync(this.#path, 'r')
    try {
      const buffer = Buffer.alloc(64 * 1024)
      for (;;) {
        const count = readSync(file, buffer, 0, buffer.length, this.#offset)
        if (count === 0) return
        this.#offset += count
        const text = this.#decoder.write(buffer.subarray(0, count))
        if (text !== '') this.#tell(text)
      }
    } finally {
      closeSync(file)
    }
  }
}
