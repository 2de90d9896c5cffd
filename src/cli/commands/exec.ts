import { once } from 'node:events'
import { openAdmin } from '../admin.ts'
import { CommandFailure, UsageError, type Command } from '../command.ts'
import { execOutput, type ExecOutput } from '../exec-output.ts'

/** Runs a command inside a machine; its exit code becomes ours. */
export const exec: Command = {
  name: 'exec',
  summary: 'run a command inside a machine',
  usage: 'MACHINE -- COMMAND [ARGUMENT]…',
  flags: { user: { kind: 'text', help: 'a user of that machine', standard: 'root' } },
  async run(call) {
    const [machine] = call.positionals
    if (!machine || call.rest.length === 0) throw new UsageError('exec MACHINE -- COMMAND')
    const order = { machine, command: call.rest, user: call.text('user') }
    const input = process.stdin.isTTY ? undefined : process.stdin
    try {
      return await follow(execOutput(openAdmin(call), order, input))
    } finally {
      // Input that is still open would keep this program waiting after its command has ended.
      input?.destroy()
    }
  },
}

async function follow(outputs: AsyncIterable<ExecOutput>): Promise<number> {
  for await (const output of outputs) {
    if ('exitCode' in output) return output.exitCode ?? 128
    const screen = output.stream === 'stderr' ? process.stderr : process.stdout
    if (!screen.write(output.bytes)) await once(screen, 'drain')
  }
  throw new CommandFailure('the connection ended before the command did')
}
