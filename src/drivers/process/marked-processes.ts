import { readdirSync, readFileSync } from 'node:fs'

/** Between two looks a process may have made another; who outruns as many looks is out to. */
const looksMax = 20

/** Kills all processes whose environment has this entry, `NAME=value`, ourselves excepted. */
export function killMarked(entry: string): void {
  for (let look = 0; look < looksMax; look++) {
    const pids = markedProcesses(entry)
    if (pids.length === 0) return
    for (const pid of pids) kill(pid)
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}

/** All processes whose environment has this entry, ourselves excepted. */
export function markedProcesses(entry: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environmentOf(name).includes(entry))
    .map(Number)
}

/** Unreadable ones are other users', and so not ours. */
function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}
