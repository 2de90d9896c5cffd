import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Between two looks a process may have made another; who outruns as many looks is let go. */
const looksMax = 20

/** Whether the process stands still on a signal (`T` in its `stat`). False when it is gone. */
export function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'T'
  } catch {
    return false
  }
}

/** Stops every process that `pids` finds, again until it finds none that runs: whoever was being made meanwhile is seen next time. */
export function stopAllOf(pids: () => readonly number[]): void {
  for (let look = 0; look < looksMax; look++) {
    const moving = pids().filter((pid) => !isStopped(pid))
    if (moving.length === 0) return
    for (const pid of moving) signal(pid, 'SIGSTOP')
  }
}

export function continueAllOf(pids: () => readonly number[]): void {
  for (const pid of pids()) signal(pid, 'SIGCONT')
}

/** The processes that live in the pid namespaces of these. */
export function processesWith(firstPids: readonly number[]): readonly number[] {
  const spaces = new Set(firstPids.flatMap((pid) => pidNamespaceOf(String(pid)) ?? []))
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => spaces.has(pidNamespaceOf(name) ?? ''))
    .map(Number)
}

function pidNamespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return undefined
  }
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}
