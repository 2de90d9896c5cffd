import { spawn } from 'node:child_process'
import { pipeline } from 'node:stream/promises'
import type { ComputeDriver } from '../compute/driver.ts'

/** Machines that are folders on this host: programs run here, with `EVENKEEL_ROOT` as their root. For agents in unit tests. */
export interface FolderMachines extends Pick<ComputeDriver, 'exec' | 'inventory' | 'watch'> {
  /** Programs that were started, `i-1 hook`. */
  readonly started: string[]
}

export function folderMachines(roots: ReadonlyMap<string, string>): FolderMachines {
  const started: string[] = []
  return {
    started,
    watch: () => () => {},
    inventory: async () => ({
      hostEpoch: '1',
      machines: [...roots.keys()].map((id) => ({ id, phase: 'running', incarnation: 1 })),
    }),
    async exec(request, streams) {
      const [command = '', ...rest] = request.command
      started.push(`${request.machineId} ${command}`)
      const root = roots.get(request.machineId) ?? '/nonexistent'
      const child = spawn(command, rest, {
        env: { PATH: process.env['PATH'], EVENKEEL_ROOT: root, ...request.environment },
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      child.stdout.on('data', (chunk: Buffer) => streams.output?.('stdout', chunk))
      child.stderr.on('data', (chunk: Buffer) => streams.output?.('stderr', chunk))
      const input = streams.input ? pipeline(streams.input, child.stdin) : undefined
      return new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('close', (exitCode, signal) => {
          void input?.catch(() => {})
          resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined, timedOut: false })
        })
      })
    },
  }
}
