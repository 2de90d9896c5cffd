import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { MachineLimits } from '../../protocol/machine.ts'

const root = '/sys/fs/cgroup'
type Controller = 'memory' | 'pids' | 'cpu'

export interface PlacedLimits {
  /** Folders into whose `cgroup.procs` the machine's first process writes itself. */
  readonly groups: readonly string[]
  /** For a person: which limits this host machine cannot enforce, and why. */
  readonly notEnforced: readonly string[]
}

/** Makes the control groups of a machine, as far as this machine lets us. */
export function placeLimits(machineId: string, limits: MachineLimits | undefined): PlacedLimits {
  const groups = new Set<string>()
  const notEnforced: string[] = []
  for (const { controller, files, words } of wishes(limits)) {
    const group = groupOf(controller, machineId)
    if (group === undefined) {
      notEnforced.push(`${words} is not enforced: no writable ${controller} control group here`)
      continue
    }
    mkdirSync(group.path, { recursive: true })
    for (const [name, value] of group.isUnified ? files.unified : files.legacy)
      writeFileSync(join(group.path, name), value)
    groups.add(group.path)
  }
  return { groups: [...groups], notEnforced }
}

/** The groups that a machine was placed into, for what enters it later. */
export function groupsOf(machineId: string): readonly string[] {
  const all = (['memory', 'pids', 'cpu'] as const).map((each) => groupOf(each, machineId)?.path)
  return [...new Set(all)].filter((path) => path !== undefined && existsSync(path)) as string[]
}

/** Removes them once the machine's processes are gone; removing what is not there succeeds. */
export function removeLimits(machineId: string): void {
  for (const controller of ['memory', 'pids', 'cpu'] as const) {
    const group = groupOf(controller, machineId)
    if (group && existsSync(group.path)) rmdirSync(group.path)
  }
}

/** Controllers that can be set here, for the probe. */
export function limitsLacking(): readonly string[] {
  return (['memory', 'pids', 'cpu'] as const).filter((each) => groupOf(each, 'probe') === undefined)
}

interface Wish {
  readonly controller: Controller
  readonly words: string
  readonly files: {
    readonly legacy: readonly (readonly [string, string])[]
    readonly unified: readonly (readonly [string, string])[]
  }
}

function wishes(limits: MachineLimits | undefined): readonly Wish[] {
  const { memoryBytes, processesMax, cpus } = limits ?? {}
  const all: Wish[] = []
  if (memoryBytes !== undefined) {
    const files = {
      legacy: [['memory.limit_in_bytes', `${memoryBytes}`]],
      unified: [['memory.max', `${memoryBytes}`]],
    } as const
    all.push({ controller: 'memory', words: `the limit of ${memoryBytes} bytes of memory`, files })
  }
  if (processesMax !== undefined) {
    const file = [['pids.max', `${processesMax}`]] as const
    all.push({
      controller: 'pids',
      words: `the limit of ${processesMax} processes`,
      files: { legacy: file, unified: file },
    })
  }
  if (cpus !== undefined) {
    const quota = Math.round(cpus * 100_000)
    const files = {
      legacy: [
        ['cpu.cfs_period_us', '100000'],
        ['cpu.cfs_quota_us', `${quota}`],
      ],
      unified: [['cpu.max', `${quota} 100000`]],
    } as const
    all.push({ controller: 'cpu', words: `the limit of ${cpus} cores`, files })
  }
  return all
}

/** The group's folder in the hierarchy that has the controller: version 1 where it is mounted, else the unified one. */
function groupOf(
  controller: Controller,
  machineId: string,
): { path: string; isUnified: boolean } | undefined {
  const name = `evenkeel-${machineId}`
  const legacy = join(root, controller)
  if (existsSync(join(legacy, 'cgroup.procs')))
    return isWritable(legacy) ? { path: join(legacy, name), isUnified: false } : undefined
  const enabled = join(root, 'cgroup.subtree_control')
  if (!existsSync(enabled) || !isWritable(root)) return undefined
  if (!readFileSync(enabled, 'utf8').split(/\s+/).includes(controller)) return undefined
  return { path: join(root, name), isUnified: true }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
