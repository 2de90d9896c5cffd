import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { DiskSlots } from '../machines/disks.ts'
import type { MachineFiles } from '../machines/machine-files.ts'

/** A machine without mounts of its own finds its disks through links in `media` of its folder. */
export class LinkedSlots implements DiskSlots {
  readonly #files: MachineFiles

  constructor(files: MachineFiles) {
    this.#files = files
  }

  async mount(machineId: string, name: string, folder: string): Promise<void> {
    const link = this.#linkOf(machineId, name)
    mkdirSync(join(link, '..'), { recursive: true })
    rmSync(link, { force: true })
    symlinkSync(folder, link)
  }

  async unmount(machineId: string, name: string): Promise<void> {
    rmSync(this.#linkOf(machineId, name), { force: true })
  }

  #linkOf(machineId: string, name: string): string {
    return join(this.#files.path(machineId, 'root'), 'media', name)
  }
}
