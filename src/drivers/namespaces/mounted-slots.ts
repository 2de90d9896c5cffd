import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DiskSlots } from '../machines/disks.ts'
import { runCommand } from './run-command.ts'

/**
 * Each machine sees its own folder of `slots` at `/media`. It is a mount that passes on what is mounted in it later, so that a disk comes
 * into a running machine, and leaves it, from outside.
 */
export class MountedSlots implements DiskSlots {
  readonly #slots: string

  constructor(workspace: string) {
    this.#slots = slotsPath(workspace)
  }

  folderOf(machineId: string): string {
    const folder = join(this.#slots, machineId)
    mkdirSync(folder, { recursive: true, mode: 0o755 })
    return folder
  }

  async mount(machineId: string, name: string, folder: string): Promise<void> {
    const target = join(this.folderOf(machineId), name)
    if (isMounted(target)) return
    mkdirSync(target, { recursive: true })
    await runCommand('mount', ['-n', '--bind', folder, target])
  }

  async unmount(machineId: string, name: string, isForced: boolean): Promise<void> {
    const target = join(this.#slots, machineId, name)
    if (isMounted(target)) await runCommand('umount', ['-n', ...(isForced ? ['-l'] : []), target])
    rmSync(target, { recursive: true, force: true })
  }
}

function slotsPath(workspace: string): string {
  return join(workspace, 'slots')
}

/** Once for a workspace: a small file system of its own whose mounts reach the machines. */
export async function makeSlots(workspace: string): Promise<void> {
  const path = slotsPath(workspace)
  mkdirSync(path, { recursive: true })
  if (!isMounted(path))
    await runCommand('mount', ['-n', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', path])
  await runCommand('mount', ['-n', '--make-shared', path])
}

/** Never removes what is below a mount: whoever is not sure looks here first. */
function isMounted(path: string): boolean {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
  return lines.some((line) => line.split(' ')[4]?.replaceAll('\\040', ' ') === path)
}
