import { once } from 'node:events'
import { openAdmin } from '../admin.ts'
import { CommandFailure, UsageError, type Command } from '../command.ts'

interface Output {
  readonly stream?: 'stdout' | 'stderr'
  /** Base64. */
  readonly bytes?: string
  readonly exitCode?: number | null
  readonly signal?: string | null
  readonly error?: string
}

/** Runs a command inside a machine; its exit code becomes ours. */
export const exec: Command = {
  name: 'exec',
  summary: 'run a command inside a machine',
  usage: 'MACHINE -- COMMAND [ARGUMENT]…',
  flags: { user: { kind: 'text', help: 'a user of that machine', standard: 'root' } },
  async run(call) {
    const [machineId] = call.positionals
    if (!machineId || call.rest.length === 0) throw new UsageError('exec MACHINE -- COMMAND')
    const query = new URLSearchParams({ machine: machineId, command: JSON.stringify(call.rest) })
    const user = call.text('user')
    if (user) query.set('user', user)
    const input = process.stdin.isTTY ? undefined : process.stdin
    try {
      return await follow(openAdmin(call).stream(`/exec?${query.toString()}`, input))
    } finally {
      // Input that is still open would keep this program waiting after its command has ended.
      input?.destroy()
    }
  },
}

async function follow(lines: AsyncIterable<unknown>): Promise<number> {
  for await (const value of lines) {
    const output = value as Output
    if (output.error !== undefined) throw new CommandFailure(output.error)
    if (output.bytes !== undefined) {
      const bytes = Buffer.from(output.bytes, 'base64')
      const screen = output.stream === 'stderr' ? process.stderr : process.stdout
      if (!screen.write(bytes)) await once(screen, 'drain')
    }
    if (output.exitCode !== undefined) return output.exitCode ?? 128
  }
  throw new CommandFailure('the connection ended before the command did')
}
