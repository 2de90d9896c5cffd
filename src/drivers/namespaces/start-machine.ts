import type { ChildProcess } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DriverError } from '../../kernel/errors.ts'
import { quotedWord } from '../../kernel/shell-word.ts'
import type { MachineSpec } from '../../protocol/machine.ts'
import { metadataAddress } from '../../protocol/network.ts'
import { parsePidLine, type ProcessIdentity } from '../processes/index.ts'
import type { BlankMachine } from './blank-machines.ts'
import { boundingSet } from './bounding.ts'
import { takeFifo } from '../machines/fifos.ts'
import { lastWords, watchExit, type ExitWatch } from '../machines/exit-watch.ts'
import type { MachineFiles } from '../machines/machine-files.ts'
import type { StartedMachine } from '../machines/machine-runtime.ts'
import { hostnameOf, placeUserData } from '../user-data/place-user-script.ts'
import { placeLimits } from './limits.ts'
import { insideBatch, outsideBatch, type Link } from './links.ts'
import { networkNamespacePath } from './paths.ts'
import { planMounts } from './plan-mounts.ts'
import type { Workspace } from './workspace.ts'

export interface StartRequest {
  readonly workspace: Workspace
  readonly files: MachineFiles
  readonly spec: MachineSpec
  readonly disk: DiskLayers
  /** To become the machine. */
  blank(): BlankMachine
  /** To a router that is there: one that is made later would not be seen among the machine's own mounts. */
  readonly link: Link
  /** Resolves when the machine may use its link. */
  inForce(): Promise<unknown>
  /** Called once, when the machine has ended, with what its holder's exit said, if we are its parent. */
  onEnd(reason: string | undefined): void
}

export interface DiskLayers {
  /** Folders of the image, uppermost first. */
  readonly layers: readonly string[]
  /** The lowest layer is the default image: the host machine's system folders lie over it. */
  readonly hasDefault: boolean
  /** The folder that the machine sees at `/media`, with its volumes. */
  readonly slot: string | undefined
}

const initScript = '/opt/evenkeel/app/src/drivers/namespaces/scripts/init.sh'

/**
 * Starts the machine's processes on its disk, while the rules for its link may still be on their way. Resolves when its first process is about to run
 * the init command.
 */
export async function startMachine(request: StartRequest): Promise<StartedMachine> {
  const { workspace, files, spec } = request
  const folder = files.folderOf(spec.id)
  const limits = placeLimits(spec.id, spec.limits)
  prepareFolder(request, limits.groups)
  const fifo = join(folder, 'alive')
  if (!existsSync(fifo)) await takeFifo(join(workspace.dataDirectory, 'fifos'), fifo)
  const blank = request.blank()
  const up = follow(blank.child, request)
  blank.words.write(`${folder}\n`)
  try {
    // It runs once the rules for its link are in force.
    const [first] = await Promise.all([
      up,
      request.inForce().then(() => blank.words.end('in force\n', () => blank.words.destroy())),
    ])
    return { ...first, notEnforced: limits.notEnforced }
  } catch (thrown) {
    blank.words.destroy()
    await up.catch(() => undefined)
    throw thrown
  }
}

/** Resolves when the machine's first process heeds signals. */
function follow(
  child: ChildProcess,
  request: StartRequest,
): Promise<{ readonly identity: ProcessIdentity; readonly watch: ExitWatch }> {
  const { files, spec } = request
  const folder = files.folderOf(spec.id)
  const up = Promise.withResolvers<{ identity: ProcessIdentity; watch: ExitWatch }>()
  let started: ProcessIdentity | undefined
  let ended: string | undefined
  let said: string | undefined
  const watch = watchExit(join(folder, 'alive'), true, {
    onLine(line) {
      said = lastWords(line) ?? said
      if (started) return
      started = line.startsWith('up ') ? parsePidLine(line.slice(3)) : undefined
      if (!started) return
      watch.closeWriter()
      up.resolve({ identity: started, watch })
    },
    onEnd() {
      if (started) {
        afterExit(child, () => request.onEnd(said ?? ended))
        return
      }
      up.reject(
        new DriverError(
          `machine ${spec.id} did not start (${ended ?? 'ended at once'}); see its console and the host's log`,
          { retryable: true },
        ),
      )
    },
  })
  child.once('exit', (code, signal) => {
    ended = exitWords(code, signal)
    watch.closeWriter()
  })
  child.once('error', (cause) => {
    watch.stop()
    up.reject(new DriverError(`cannot start machine ${spec.id}`, { retryable: false, cause }))
  })
  return up.promise
}

/** What the stage script sets: how the machine is made, its environment, and its first command. */
function stageSettings({ workspace, spec }: StartRequest, groups: readonly string[]): string {
  const command = (spec.command ?? []).map((word) =>
    word
      .replaceAll('{node}', '/opt/evenkeel/bin/node')
      .replaceAll('{app}', '/opt/evenkeel/app/src'),
  )
  const settings = {
    name: hostnameOf(spec.userData) ?? spec.hostname,
    router: networkNamespacePath(workspace.runDirectory, spec.networkId),
    root: join(workspace.path, 'root'),
    groups: groups.join(' '),
    bounding: boundingSet,
  }
  return [
    ...Object.entries(spec.environment ?? {}).map(
      ([name, value]) => `export ${name}=${quotedWord(value)}`,
    ),
    ...Object.entries(settings).map(([name, value]) => `${name}=${quotedWord(value)}`),
    `set -- ${['/bin/sh', initScript, ...command].map(quotedWord).join(' ')}\n`,
  ].join('\n')
}

/** The end of the FIFO comes a moment before the exit code; a machine's end is told with it, and not much later without it. */
const exitCodeMillisecondsMax = 10

function afterExit(child: ChildProcess, tell: () => void): void {
  if (child.exitCode !== null || child.signalCode !== null) return tell()
  let isTold = false
  const once = (): void => {
    if (!isTold) tell()
    isTold = true
  }
  child.once('exit', once)
  setTimeout(once, exitCodeMillisecondsMax)
}

function prepareFolder(request: StartRequest, groups: readonly string[]): void {
  const { workspace, files, spec, disk, link } = request
  const folder = files.folderOf(spec.id)
  const router = networkNamespacePath(workspace.runDirectory, spec.networkId)
  const isNew = !existsSync(join(folder, 'upper'))
  mkdirSync(join(folder, 'work'), { recursive: true, mode: 0o700 })
  if (isNew) writeDisk(join(folder, 'upper'), { spec, disk, address: link.addresses[0] ?? '' })
  rmSync(join(folder, 'pid'), { force: true })
  writeFileSync(join(folder, 'inside.ip'), insideBatch(link, router))
  writeFileSync(join(folder, 'outside.ip'), outsideBatch(link))
  writeFileSync(join(folder, 'waiting'), '')
  writeFileSync(join(folder, 'stage'), stageSettings(request, groups), { mode: 0o600 })
  closeSync(openSync(join(folder, 'console.log'), 'a', 0o600))
  const mounts = planMounts({
    workspace: workspace.path,
    machineId: spec.id,
    imageLayer: disk.layers.join(':'),
    systemFolders: disk.hasDefault ? workspace.systemFolders : [],
    ...(disk.slot !== undefined && { slot: disk.slot }),
    shares: spec.shares ?? [],
    isOrdinaryUser: workspace.userMap !== 'root',
  })
  writeFileSync(join(folder, 'fstab'), mounts)
}

/** What an image of one's own may lack, and a machine is made with. */
const mountPoints: readonly (readonly [string, number])[] = [
  ['dev', 0o755],
  ['proc', 0o555],
  ['sys', 0o555],
  ['run', 0o755],
  ['tmp', 0o1777],
  ['mnt', 0o755],
  ['media', 0o755],
  ['root', 0o700],
  ['var/log', 0o755],
  ['opt/evenkeel', 0o755],
]

/** A new disk is only what is the machine's own over the image. Written under another name first: it is whole or not there. */
function writeDisk(
  upper: string,
  { spec, disk, address }: { spec: MachineSpec; disk: DiskLayers; address: string },
): void {
  const draft = `${upper}.new`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(join(draft, 'etc'), { recursive: true, mode: 0o755 })
  const name = hostnameOf(spec.userData) ?? spec.hostname
  writeFileSync(join(draft, 'etc/hostname'), `${name}\n`)
  writeFileSync(join(draft, 'etc/hosts'), `127.0.0.1 localhost\n${address} ${name}\n`)
  const search = spec.searchDomain === undefined ? '' : `search ${spec.searchDomain}\n`
  writeFileSync(join(draft, 'etc/resolv.conf'), `${search}nameserver ${metadataAddress}\n`)
  if (spec.userData !== undefined) {
    const bytes = Buffer.from(spec.userData, 'base64')
    placeUserData({ machineId: spec.id, bytes, disk: draft })
  }
  if (spec.publicKey !== undefined) {
    const folder = join(draft, 'var/lib/cloud/instance')
    mkdirSync(folder, { recursive: true, mode: 0o755 })
    writeFileSync(join(folder, 'public-key'), `${spec.publicKey}\n`)
  }
  for (const [name, mode] of mountPoints) {
    if (disk.layers.some((layer) => existsSync(join(layer, name)))) continue
    mkdirSync(join(draft, name), { recursive: true })
    chmodSync(join(draft, name), mode)
  }
  for (const share of spec.shares ?? [])
    mkdirSync(join(draft, share.machinePath), { recursive: true })
  renameSync(draft, upper)
}

function exitWords(code: number | null, signal: string | null): string {
  return signal === null ? `exit code ${code}` : `killed by ${signal}`
}
