import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Platform } from './platform.ts'

/** The pid of a process of the installation, as its pid file tells: `host`, `edge`, `agent`, `server`. */
export function pidOf(platform: Platform, name: string): number {
  return pidIn(join(platform.dataDirectory, 'processes', `${name}.pid`))
}

/** The first process of a machine, as the host machine numbers it. */
export function machinePid(platform: Platform, machineId: string): number {
  return pidIn(join(platform.dataDirectory, 'machines', machineId, 'pid'))
}

/** Kills a process and all its descendants, and for a machine what holds it, with SIGKILL and at once. */
export function killTree(pid: number): void {
  const parents = parentsOfAll()
  const doomed = [pid]
  for (let at = 0; at < doomed.length; at++) {
    for (const [child, parent] of parents) if (parent === doomed[at]) doomed.push(child)
  }
  const holder = parents.get(pid)
  if (holder !== undefined && commandLineOf(holder).startsWith('unshare')) doomed.push(holder)
  for (const each of doomed) {
    try {
      process.kill(each, 'SIGKILL')
    } catch {
      // It ended with its parent.
    }
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/** `<boot id> <pid> (<name>) …` */
function pidIn(path: string): number {
  return Number(readFileSync(path, 'utf8').split(' ')[1])
}

function parentsOfAll(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]))
    } catch {
      // It ended while we looked.
    }
  }
  return parents
}
