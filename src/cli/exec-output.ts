import type { Readable } from 'node:stream'
import type { Admin } from './admin.ts'
import { CommandFailure } from './command.ts'

/** What a command inside a machine says, as it says it; its end comes last. */
export type ExecOutput =
  | { readonly stream: 'stdout' | 'stderr'; readonly bytes: Buffer }
  /** Null: a signal ended it. */
  | { readonly exitCode: number | null }

interface Line {
  readonly stream?: 'stdout' | 'stderr'
  /** Base64. */
  readonly bytes?: string
  readonly exitCode?: number | null
  readonly error?: string
}

/** Runs a command as the server's `/exec` does. Throws CommandFailure when it could not be run. */
export async function* execOutput(
  admin: Admin,
  order: {
    readonly machine: string
    readonly command: readonly string[]
    readonly user?: string | undefined
  },
  input: Readable | undefined,
  signal?: AbortSignal,
): AsyncGenerator<ExecOutput> {
  const { machine, command, user } = order
  const query = new URLSearchParams({ machine, command: JSON.stringify(command) })
  if (user) query.set('user', user)
  for await (const value of admin.stream(`/exec?${query.toString()}`, input, signal)) {
    const line = value as Line
    if (line.error !== undefined) throw new CommandFailure(line.error)
    if (line.bytes !== undefined) {
      yield { stream: line.stream ?? 'stdout', bytes: Buffer.from(line.bytes, 'base64') }
    }
    if (line.exitCode !== undefined) yield { exitCode: line.exitCode }
  }
}
