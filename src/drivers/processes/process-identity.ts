import { readFileSync } from 'node:fs'

/** A process that can be told from a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks since boot, field 22 of `/proc/PID/stat`. */
  readonly startTime: string
  /** The kernel's `boot_id`: pids and start times of another boot say nothing. */
  readonly bootId: string
}

let cachedBootId: string | undefined

/** The id of the running boot. */
export function currentBootId(): string {
  cachedBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return cachedBootId
}

/** The identity of a running process; undefined when there is none, or only its zombie. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid)
  if (!stat || stat.state === 'Z' || stat.state === 'X') return undefined
  return { pid, startTime: stat.startTime, bootId: currentBootId() }
}

/** Whether exactly this process still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = identityOf(identity.pid)
  return now?.startTime === identity.startTime && now.bootId === identity.bootId
}

/** Sends a signal to exactly this process. False when it is gone. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false
  try {
    return process.kill(identity.pid, signal)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw thrown
  }
}

/** A line `<boot id> <the process's stat line>`, as the starting shell writes it; undefined when it is not one. */
export function parsePidLine(line: string): ProcessIdentity | undefined {
  const space = line.indexOf(' ')
  const stat = parseStat(line.slice(space + 1))
  if (space < 1 || !stat) return undefined
  return { pid: stat.pid, startTime: stat.startTime, bootId: line.slice(0, space) }
}

function readStat(pid: number): ReturnType<typeof parseStat> {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return undefined
  }
}

/** The command's name stands in parentheses and may hold spaces and parentheses itself: fields count from the last one. */
function parseStat(text: string): { pid: number; state: string; startTime: string } | undefined {
  const match = /^(\d+) \(.*\) (\S) ([^)]*)$/s.exec(text.trim())
  if (!match) return undefined
  const startTime = match[3]!.split(' ')[18]
  if (startTime === undefined) return undefined
  return { pid: Number(match[1]), state: match[2]!, startTime }
}
