import { spawn } from 'node:child_process'
import { pipeline } from 'node:stream/promises'
import type { MachineHost } from '../machine-host.ts'

/**
 * The server that the agent itself runs on, as its only machine. With a root other than `/` everything is kept below that folder, and
 * hooks find it in `EVENKEEL_ROOT`: for agents without privileges.
 */
export function localMachine(id: string, root: string): MachineHost {
  return {
    watch: () => () => {},
    inventory: async () => ({
      hostEpoch: '1',
      machines: [{ id, phase: 'running', incarnation: 1 }],
    }),
    async exec(request, streams) {
      const [command = '', ...rest] = request.command
      const child = spawn(command, rest, {
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          LANG: process.env['LANG'],
          ...(root !== '/' && { EVENKEEL_ROOT: root }),
          ...request.environment,
        },
        stdio: ['pipe', 'pipe', 'pipe'],
      })
      child.stdout.on('data', (chunk: Buffer) => streams.output?.('stdout', chunk))
      child.stderr.on('data', (chunk: Buffer) => streams.output?.('stderr', chunk))
      // A program that ends before it has read all of its input says why by its exit code.
      if (streams.input) void pipeline(streams.input, child.stdin).catch(() => {})
      else child.stdin.end()
      return new Promise((resolve, reject) => {
        child.once('error', reject)
        child.once('close', (exitCode, signal) => {
          resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined, timedOut: false })
        })
      })
    },
  }
}
