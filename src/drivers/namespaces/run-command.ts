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

/** More than so many are for bursts. */
const restingMax = 8
const shells: ToolShell[] = []

function restingShell(): ToolShell | undefined {
  for (let shell = shells.pop(); shell; shell = shells.pop()) if (!shell.isEnded) return shell
  return undefined
}

/** Runs a tool to its end and gives its output. Throws a DriverError with the tool's own words when it fails. */
export async function runCommand(
  command: string,
  args: readonly string[],
  input = '',
): Promise<string> {
  const shell = restingShell() ?? new ToolShell(toolEnvironment)
  const answer = await shell.run([command, ...args], input)
  if (shells.length < restingMax) shells.push(shell)
  else shell.end()
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
