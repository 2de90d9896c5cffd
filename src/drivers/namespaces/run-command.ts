import { DriverError } from '../../kernel/errors.ts'
import { ToolShell } from './tool-shell.ts'

/** Administrators' tools live in /usr/sbin, which an ordinary user's path may lack. */
export const toolEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`,
  LC_ALL: 'C',
}

/** What a shell says of a program that is not there. */
const notFound = 127

/** Those that rest: as many as commands ever ran side by side. */
const shells: ToolShell[] = []

/** Runs a tool to its end and gives its output. Throws a DriverError with the tool's own words when it fails. */
export async function runCommand(
  command: string,
  args: readonly string[],
  input = '',
): Promise<string> {
  const shell = shells.pop() ?? new ToolShell(toolEnvironment)
  const answer = await shell.run([command, ...args], input)
  if (!shell.isEnded) shells.push(shell)
  if (answer?.code === 0) return answer.output
  const what = `${command} ${args.join(' ')}`
  const words = answer?.errors.trim() ?? 'the shell that ran it ended'
  throw new DriverError(`${what}: ${words === '' ? `ended with ${answer?.code}` : words}`, {
    retryable: answer?.code !== notFound,
  })
}

/** Runs a tool in another network namespace. */
export function runInNetwork(
  namespacePath: string,
  command: readonly string[],
  input = '',
): Promise<string> {
  return runCommand('nsenter', [`--net=${namespacePath}`, ...command], input)
}
