import { spawn, type ChildProcess } from 'node:child_process'
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
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { DriverError } from '../../kernel/errors.ts'
import type { MachineSpec } from '../../protocol/machine.ts'
import { metadataAddress } from '../../protocol/network.ts'
import { parsePidLine, type ProcessIdentity } from '../processes/index.ts'
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
import { toolEnvironment } from './run-command.ts'
import type { Workspace } from './workspace.ts'

export interface StartRequest {
  readonly workspace: Workspace
  readonly files: MachineFiles
  readonly spec: MachineSpec
  readonly disk: DiskLayers
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

const stageScript = fileURLToPath(new URL('scripts/stage.sh', import.meta.url))
const initScript = '/opt/evenkeel/app/src/drivers/namespaces/scripts/init.sh'

/**
 * Starts the machine's processes on its disk, while the rules for its link may still be on their way. Resolves when its first process is about to run
 * the init command.
 */
export async function startMachine(request: StartRequest): Promise<StartedMachine> {
  const { workspace, files, spec } = request
  const folder = files.folderOf(spec.id)
  prepareFolder(request)
  const limits = placeLimits(spec.id, spec.limits)
  const fifo = join(folder, 'alive')
  if (!existsSync(fifo)) await takeFifo(join(workspace.dataDirectory, 'fifos'), fifo)
  const { child, up } = spawnMachine(request, limits.groups)
  try {
    const [first] = await Promise.all([up, letIn(request, child)])
    return { ...first, notEnforced: limits.notEnforced }
  } catch (thrown) {
    child.stdio[gate]?.destroy()
    await up.catch(() => undefined)
    throw thrown
  }
}

/** The descriptor on which a machine is told that it may use its link. */
const gate = 4

/** Lets the machine run once the rules for its link are in force. */
async function letIn(request: StartRequest, child: ChildProcess): Promise<void> {
  const words = child.stdio[gate] as Writable
  // A machine that ended already says so by itself.
  words.on('error', () => undefined)
  await request.inForce()
  words.end('in force\n')
}

interface Spawned {
  readonly child: ChildProcess
  /** When its first process heeds signals. */
  readonly up: Promise<{ readonly identity: ProcessIdentity; readonly watch: ExitWatch }>
}

function spawnMachine(request: StartRequest, groups: readonly string[]): Spawned {
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
      if (started) up.resolve({ identity: started, watch })
    },
    onEnd() {
      if (started) {
        afterExit(child, () => request.onEnd(said ?? ended))
        return
      }
      up.reject(
        new DriverError(
          `machine ${spec.id} did not start (${ended ?? 'ended at once'}); see its console`,
          { retryable: true },
        ),
      )
    },
  })
  const console = openSync(join(folder, 'console.log'), 'a', 0o600)
  const child = spawn('unshare', commandOf(request), {
    cwd: '/',
    detached: true,
    env: environmentOf(spec, groups),
    stdio: ['ignore', console, console, watch.writer, 'pipe'],
  })
  child.once('exit', (code, signal) => (ended = exitWords(code, signal)))
  child.once('error', (cause) => {
    watch.stop()
    up.reject(new DriverError(`cannot start machine ${spec.id}`, { retryable: false, cause }))
  })
  child.unref()
  closeSync(console)
  watch.closeWriter()
  return { child, up: up.promise }
}

function commandOf({ workspace, files, spec }: StartRequest): readonly string[] {
  const router = networkNamespacePath(workspace.runDirectory, spec.networkId)
  const flags = ['--net', '--mount', '--pid', '--fork', '--uts', '--ipc', '--kill-child']
  const command = (spec.command ?? []).map((word) =>
    word
      .replaceAll('{node}', '/opt/evenkeel/bin/node')
      .replaceAll('{app}', '/opt/evenkeel/app/src'),
  )
  const hostname = hostnameOf(spec.userData) ?? spec.hostname
  const root = join(workspace.path, 'root')
  const stage = ['sh', stageScript, files.folderOf(spec.id), hostname, router, root]
  return [...flags, '--propagation', 'slave', ...stage, '/bin/sh', initScript, ...command]
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

function environmentOf(spec: MachineSpec, groups: readonly string[]): NodeJS.ProcessEnv {
  return {
    PATH: toolEnvironment['PATH'],
    LANG: 'C.UTF-8',
    ...spec.environment,
    BOUNDING: boundingSet,
    CGROUPS: groups.join(' '),
  }
}

function prepareFolder({ workspace, files, spec, disk, link }: StartRequest): void {
  const folder = files.folderOf(spec.id)
  const router = networkNamespacePath(workspace.runDirectory, spec.networkId)
  const isNew = !existsSync(join(folder, 'upper'))
  mkdirSync(join(folder, 'work'), { recursive: true, mode: 0o700 })
  if (isNew) writeDisk(join(folder, 'upper'), { spec, disk, address: link.addresses[0] ?? '' })
  rmSync(join(folder, 'pid'), { force: true })
  writeFileSync(join(folder, 'inside.ip'), insideBatch(link, router))
  writeFileSync(join(folder, 'outside.ip'), outsideBatch(link))
  writeFileSync(join(folder, 'waiting'), '')
  const mounts = planMounts(
    {
      workspace: workspace.path,
      machineId: spec.id,
      imageLayer: disk.layers.join(':'),
      systemFolders: disk.hasDefault ? workspace.systemFolders : [],
      ...(disk.slot !== undefined && { slot: disk.slot }),
      shares: spec.shares ?? [],
      isOrdinaryUser: workspace.userMap !== 'root',
    },
    workspace.procNames,
  )
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
