import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks a second of `/proc`, on every Linux that Node runs on. */
const ticks = 100

export interface Usage {
  readonly cpuSeconds: number
  /** Resident now, and at most so far; of several processes their sum, shared pages counted for each. */
  readonly residentMegabytes: number
  readonly peakMegabytes: number
}

/** Of these processes, and of what they have waited for. */
export function usageOf(pids: readonly number[]): Usage {
  const all = pids.map(one)
  const sum = (of: (usage: Usage) => number): number => all.reduce((a, b) => a + of(b), 0)
  return {
    cpuSeconds: sum((usage) => usage.cpuSeconds),
    residentMegabytes: sum((usage) => usage.residentMegabytes),
    peakMegabytes: sum((usage) => usage.peakMegabytes),
  }
}

/** A process and its children. */
export function familyOf(pid: number): readonly number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return [pid, ...pids.filter((other) => parentOf(other) === pid)]
}

function one(pid: number): Usage {
  const fields = statOf(pid)
  // utime, stime, cutime, cstime: fields 14 to 17.
  const cpu = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  const status = read(`/proc/${pid}/status`)
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024
  return {
    cpuSeconds: cpu / ticks,
    residentMegabytes: megabytes('VmRSS'),
    peakMegabytes: megabytes('VmHWM'),
  }
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1] ?? 0)
}

/** From field 3 on: what comes before may hold spaces. */
function statOf(pid: number): readonly string[] {
  return read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
