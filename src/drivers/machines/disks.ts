import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { DiskDriver } from '../../compute/driver.ts'
import { DriverError } from '../../kernel/errors.ts'
import type { DiskMount, DiskSource } from '../../protocol/machine.ts'
import { runCommand } from '../namespaces/run-command.ts'
import type { MachineFiles } from './machine-files.ts'
import { unpackImage } from './unpack-image.ts'

/** How a technology shows a folder inside a machine. Each call may be repeated. */
export interface DiskSlots {
  mount(machineId: string, name: string, folder: string): Promise<void>
  /** Throws while a process of the machine uses it, unless it is forced. */
  unmount(machineId: string, name: string, isForced: boolean): Promise<void>
}

export interface DisksOptions {
  readonly dataDirectory: string
  readonly files: MachineFiles
  readonly slots: DiskSlots
  /** Where a machine's own disk is: what it wrote over its image. */
  ownDiskOf(machineId: string): string
}

interface DiskFile {
  /** The image that a machine's own disk lies over. */
  readonly base?: string
}

/** What a copy of a machine's own disk leaves behind: what belongs to that one machine's first boot. */
const notCopied = ['var/lib/cloud/instance', 'var/lib/cloud/scripts/per-boot/000-user-data']

/** Volumes, snapshots and images as folders: `<data directory>/disks/<id>/content`. A disk is there once its `disk.json` is. */
export class Disks implements DiskDriver {
  readonly #options: DisksOptions
  readonly #folder: string
  readonly #turns = new Map<string, Promise<void>>()

  constructor(options: DisksOptions) {
    this.#options = options
    this.#folder = join(options.dataDirectory, 'disks')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
  }

  makeDisk(id: string, source?: DiskSource): Promise<void> {
    return this.#inTurn(id, () => this.#make(id, source))
  }

  removeDisk(id: string): Promise<void> {
    return this.#inTurn(id, () => this.#remove(id))
  }

  async #make(id: string, source: DiskSource | undefined): Promise<void> {
    const folder = join(this.#folder, id)
    if (existsSync(join(folder, 'disk.json'))) return
    rmSync(folder, { recursive: true, force: true })
    const content = join(folder, 'content')
    mkdirSync(content, { recursive: true, mode: 0o755 })
    const file = source ? await this.#copy(source, content) : {}
    writeFileSync(join(folder, 'disk.json.new'), JSON.stringify(file), { mode: 0o600 })
    renameSync(join(folder, 'disk.json.new'), join(folder, 'disk.json'))
  }

  async #remove(id: string): Promise<void> {
    const above = readdirSync(this.#folder).find((other) => this.#baseOf(other) === id)
    if (above !== undefined) {
      throw new DriverError(`disk ${id} lies under ${above}`, { retryable: true })
    }
    rmSync(join(this.#folder, id, 'disk.json'), { force: true })
    await runCommand('rm', ['-rf', '--one-file-system', join(this.#folder, id)])
  }

  async attachDisk(machineId: string, mount: DiskMount): Promise<void> {
    const content = this.contentOf(mount.diskId)
    const there = this.mountsOf(machineId).find((each) => each.name === mount.name)
    if (there && there.diskId !== mount.diskId) {
      throw new DriverError(`${machineId} has ${there.diskId} at ${mount.name}`, {
        retryable: true,
      })
    }
    const others = this.mountsOf(machineId).filter((each) => each.name !== mount.name)
    this.#keep(machineId, [...others, mount])
    await this.#options.slots.mount(machineId, mount.name, content)
  }

  async detachDisk(machineId: string, mount: DiskMount, isForced: boolean): Promise<void> {
    await this.#options.slots.unmount(machineId, mount.name, isForced)
    if (!this.#options.files.find(machineId)) return
    this.#keep(
      machineId,
      this.mountsOf(machineId).filter((each) => each.name !== mount.name),
    )
  }

  /** Shows all of a machine's disks in it, before it starts. */
  async mountAll(machineId: string, first: readonly DiskMount[]): Promise<void> {
    const file = this.#options.files.path(machineId, 'disks.json')
    if (!existsSync(file) && first.length > 0) this.#keep(machineId, first)
    for (const { name, diskId } of this.mountsOf(machineId)) {
      await this.#options.slots.mount(machineId, name, this.contentOf(diskId))
    }
  }

  async unmountAll(machineId: string): Promise<void> {
    for (const { name } of this.mountsOf(machineId)) {
      await this.#options.slots.unmount(machineId, name, true)
    }
  }

  mountsOf(machineId: string): readonly DiskMount[] {
    const file = this.#options.files.path(machineId, 'disks.json')
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DiskMount[]) : []
  }

  /** The layers of an image, uppermost first, down to the default image or to nothing, as ids. */
  layersOf(image: string): { readonly disks: readonly string[]; readonly hasDefault: boolean } {
    const disks: string[] = []
    let next: string | undefined = image
    while (next !== undefined && next !== 'default') {
      disks.push(next)
      next = this.#read(next).base
    }
    return { disks, hasDefault: next === 'default' }
  }

  /** Throws when there is no such disk. */
  contentOf(id: string): string {
    this.#read(id)
    return join(this.#folder, id, 'content')
  }

  async #copy(source: DiskSource, content: string): Promise<DiskFile> {
    if ('archive' in source) return unpack(source.archive, content)
    if ('diskId' in source) {
      await copyFolder(this.contentOf(source.diskId), content)
      return this.#read(source.diskId)
    }
    const record = this.#options.files.find(source.machineId)
    if (!record)
      throw new DriverError(`there is no machine ${source.machineId}`, { retryable: false })
    await copyFolder(this.#options.ownDiskOf(source.machineId), content)
    for (const path of notCopied) rmSync(join(content, path), { recursive: true, force: true })
    return { base: record.spec.image }
  }

  /** Undefined of what is half made, or lies over nothing. */
  #baseOf(id: string): string | undefined {
    return existsSync(join(this.#folder, id, 'disk.json')) ? this.#read(id).base : undefined
  }

  /** Calls for one disk run one after another. */
  #inTurn(id: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(id) ?? Promise.resolve()).then(work, work)
    this.#turns.set(id, turn)
    const leave = (): void => {
      if (this.#turns.get(id) === turn) this.#turns.delete(id)
    }
    turn.then(leave, leave)
    return turn
  }

  #read(id: string): DiskFile {
    try {
      return JSON.parse(readFileSync(join(this.#folder, id, 'disk.json'), 'utf8')) as DiskFile
    } catch (cause) {
      throw new DriverError(`there is no disk ${id} on this host`, { retryable: false, cause })
    }
  }

  #keep(machineId: string, mounts: readonly DiskMount[]): void {
    const file = this.#options.files.path(machineId, 'disks.json')
    writeFileSync(`${file}.new`, JSON.stringify(mounts), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }
}

/** With owners, times, links and holes as they are; shares blocks where the file system can. */
async function copyFolder(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return
  await runCommand('cp', ['-a', '--reflink=auto', '--sparse=auto', `${from}/.`, to])
}

/** A root file system out of an archive or out of a folder. */
async function unpack(path: string, content: string): Promise<DiskFile> {
  if (!existsSync(path)) throw new DriverError(`there is no ${path}`, { retryable: false })
  try {
    if (isFolder(path)) await copyFolder(path, content)
    else await unpackImage(path, content)
  } catch (cause) {
    if (cause instanceof DriverError && !cause.retryable) throw cause
    const message = `${path} cannot be taken: ${(cause as Error).message}`
    throw new DriverError(message, { retryable: false, cause })
  }
  const lack = lackOf(content)
  if (lack === undefined) return {}
  throw new DriverError(`${path} ${lack}`, { retryable: false })
}

/** Why no machine would start on a root file system. */
function lackOf(content: string): string | undefined {
  const find = (name: string): string | undefined =>
    ['bin', 'usr/bin', 'sbin', 'usr/sbin']
      .map((folder) => join(content, folder, name))
      .find(isThere)
  if (find('sh') === undefined) return 'is no root file system: it has no /bin/sh'
  const setpriv = find('setpriv')
  const isBusybox = setpriv !== undefined && linkOf(setpriv)?.endsWith('busybox') === true
  if (find('umount') !== undefined && setpriv !== undefined && !isBusybox) return undefined
  return 'lacks umount or setpriv of util-linux, without which no machine starts (Debian, Ubuntu and Fedora have them; Alpine: apk add util-linux)'
}

function linkOf(path: string): string | undefined {
  return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined
}

/** A link counts: where it leads is for the machine to see. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function isFolder(path: string): boolean {
  try {
    readdirSync(path)
    return true
  } catch {
    return false
  }
}
