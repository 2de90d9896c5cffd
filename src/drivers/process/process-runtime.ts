import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { userInfo } from 'node:os'
import type { ExecStreams } from '../../compute/driver.ts'
import { DriverError } from '../../kernel/errors.ts'
import type {
  ExecRequest,
  ExecResult,
  MachineImpairment,
  MachineSpec,
} from '../../protocol/machine.ts'
import { watchExit } from '../machines/exit-watch.ts'
import type { Disks } from '../machines/disks.ts'
import type { MachineFiles } from '../machines/machine-files.ts'
import type { MachineRuntime, StartedMachine } from '../machines/machine-runtime.ts'
import { continueAllOf, isStopped, stopAllOf } from '../machines/process-states.ts'
import type { FaultTools, RunningMachine } from '../machines/zone-faults.ts'
import { parsePidLine, type ProcessIdentity } from '../processes/index.ts'
import { isScript, writeDiskless } from '../user-data/place-user-script.ts'
import { firstFreePort } from './first-free-port.ts'
import { loopbackMetadataPort, loopbackRangeVariable, openPort } from './loopback-address.ts'
import { killMarked, markedProcesses } from './marked-processes.ts'
import type { ProcessNetworks } from './process-networks.ts'
import { runProgram } from '../machines/run-program.ts'

const application = resolve(fileURLToPath(new URL('../..', import.meta.url)))
const initScript = fileURLToPath(new URL('init.sh', import.meta.url))
const preload = new URL('loopback-preload.ts', import.meta.url).href

export interface ProcessRuntimeOptions {
  readonly files: MachineFiles
  readonly networks: ProcessNetworks
  /** Of the AWS endpoint on 127.0.0.1. */
  readonly endpointPort: number
  readonly disks: Disks
}

/** Machines as process groups. */
export class ProcessRuntime implements MachineRuntime, FaultTools {
  readonly #files: MachineFiles
  readonly #networks: ProcessNetworks
  readonly #endpointPort: number
  readonly #disks: Disks

  constructor({ files, networks, endpointPort, disks }: ProcessRuntimeOptions) {
    this.#disks = disks
    this.#files = files
    this.#networks = networks
    this.#endpointPort = endpointPort
  }

  async start(
    spec: MachineSpec,
    onEnd: (reason: string | undefined) => void,
  ): Promise<StartedMachine> {
    if (spec.image !== 'default') {
      throw new DriverError(
        `the process driver runs the host machine as it is, not image ${spec.image} (see evenkeel doctor)`,
        { retryable: false },
      )
    }
    await this.#disks.mountAll(spec.id, spec.disks ?? [])
    const folder = this.#files.folderOf(spec.id)
    const environment = await this.#environmentOf(spec)
    makeTree(folder, spec)
    writeTools(join(folder, 'root', toolsFolder))
    const command = (spec.command ?? []).map((word) => substituted(spec, word))
    return new Promise((resolveStart, reject) => {
      let identity: ProcessIdentity | undefined
      let ended: string | undefined
      const watch = watchExit(join(folder, 'alive'), true, {
        onLine(line) {
          identity = line.startsWith('up ') ? parsePidLine(line.slice(3)) : undefined
          if (identity) resolveStart({ identity, watch, notEnforced: notEnforced(spec) })
        },
        onEnd() {
          if (identity) return onEnd(ended)
          reject(
            new DriverError(`machine ${spec.id} did not start; see its console`, {
              retryable: true,
            }),
          )
        },
      })
      const console = openSync(join(folder, 'console.log'), 'a', 0o600)
      const child = spawn('/bin/sh', [initScript, folder, ...command], {
        cwd: folder,
        detached: true,
        env: environment,
        stdio: ['ignore', console, console, watch.writer],
      })
      child.once(
        'exit',
        (code, signal) => (ended = signal ? `killed by ${signal}` : `exit code ${code}`),
      )
      child.once('error', (cause) => {
        watch.stop()
        reject(new DriverError(`cannot start machine ${spec.id}`, { retryable: false, cause }))
      })
      child.unref()
      closeSync(console)
      watch.closeWriter()
    })
  }

  async exec(
    spec: MachineSpec,
    _pid: number,
    request: ExecRequest,
    streams: ExecStreams,
  ): Promise<ExecResult> {
    const { user = 'root' } = request
    if (user !== 'root' && user !== userInfo().username) {
      throw new DriverError(
        `the process driver runs commands as ${userInfo().username} alone, not as ${user} (see evenkeel doctor)`,
        { retryable: false },
      )
    }
    const root = this.#rootOf(spec.id)
    const environment = { ...(await this.#environmentOf(spec)), ...request.environment }
    const start = {
      command: request.command,
      environment,
      workingDirectory: request.workingDirectory ?? root,
      timeoutMilliseconds: request.timeoutMilliseconds,
      kill: killGroup,
    }
    return runProgram(start, streams)
  }

  killRemains(machineId: string): void {
    killMarked(`EVENKEEL_ROOT=${this.#rootOf(machineId)}`)
  }

  impairmentOf(_spec: MachineSpec, pid: number): MachineImpairment | undefined {
    return isStopped(pid) ? 'paused' : undefined
  }

  pause(machines: readonly RunningMachine[]): void {
    for (const { spec } of machines) stopAllOf(() => this.#processesOf(spec.id))
  }

  resume(machines: readonly RunningMachine[]): void {
    for (const { spec } of machines) continueAllOf(() => this.#processesOf(spec.id))
  }

  #processesOf(machineId: string): readonly number[] {
    return markedProcesses(`EVENKEEL_ROOT=${this.#rootOf(machineId)}`)
  }

  async release(spec: MachineSpec): Promise<void> {
    this.killRemains(spec.id)
  }

  #rootOf(machineId: string): string {
    return this.#files.path(machineId, 'root')
  }

  /** Where things are, for programs that expect a machine of their own. `EVENKEEL_ROOT` also marks the machine's processes wherever they go. */
  async #environmentOf(spec: MachineSpec): Promise<NodeJS.ProcessEnv> {
    const root = this.#rootOf(spec.id)
    const own = Object.entries(spec.environment ?? {}).map(([k, v]) => [k, substituted(spec, v)])
    const { range, address } = await this.#networks.placeOf(spec.networkId, spec.interfaceId)
    const forPlatform = {
      NODE_OPTIONS: `--import=${preload}`,
      [loopbackRangeVariable]: String(range),
    }
    const forInstance = {
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://${address}:${loopbackMetadataPort}`,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${this.#endpointPort}`,
      EVENKEEL_NODE: process.execPath,
      HOST: address,
      PORT: String(openPort(80, firstFreePort())),
    }
    return {
      PATH: `${process.env['PATH']}:${join(root, toolsFolder)}`,
      LANG: 'C.UTF-8',
      HOME: join(root, 'root'),
      ...(spec.command ? forPlatform : forInstance),
      ...Object.fromEntries(own),
      EVENKEEL_ROOT: root,
    }
  }
}

const toolsFolder = 'opt/aws/bin'

/** CloudFormation's tools, on this platform's own Node; they keep to the machine's folder. */
function writeTools(folder: string): void {
  mkdirSync(folder, { recursive: true })
  const main = join(application, 'guest/main.ts')
  for (const name of ['cfn-get-metadata', 'cfn-hup', 'cfn-init', 'cfn-signal']) {
    const path = join(folder, name)
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${main}' ${name} "$@"\n`)
    chmodSync(path, 0o755)
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
}

const lasting = ['root', 'etc', 'opt', 'srv', 'var/log', 'var/www/html', 'var/lib']
const passing = ['run', 'tmp']

function makeTree(folder: string, spec: MachineSpec): void {
  for (const name of passing) rmSync(join(folder, 'root', name), { recursive: true, force: true })
  for (const name of [...lasting, ...passing])
    mkdirSync(join(folder, 'root', name), { recursive: true })
  const fifo = join(folder, 'alive')
  if (!existsSync(fifo)) execFileSync('mkfifo', ['-m', '600', fifo])
  rmSync(join(folder, 'pid'), { force: true })
  const userData = join(folder, 'user-data')
  if (spec.userData === undefined || existsSync(userData)) return
  const bytes = Buffer.from(spec.userData, 'base64')
  if (isScript(bytes)) writeFileSync(userData, bytes, { mode: 0o700 })
  else writeDiskless(userData, bytes, spec.id)
}

/** What a machine with a root of its own would see under other paths. */
function substituted(spec: MachineSpec, text: string): string {
  const named = text.replaceAll('{node}', process.execPath).replaceAll('{app}', application)
  const share = spec.shares?.find(
    ({ machinePath }) => named === machinePath || named.startsWith(`${machinePath}/`),
  )
  return share ? share.hostPath + named.slice(share.machinePath.length) : named
}

function notEnforced(spec: MachineSpec): readonly string[] {
  return spec.limits ? ['no limits are enforced: the process driver has no control groups'] : []
}
