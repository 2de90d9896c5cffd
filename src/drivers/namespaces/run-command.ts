import { spawn } from 'node:child_process'
import { DriverError } from '../../kernel/errors.ts'

/** Administrators' tools live in /usr/sbin, which an ordinary user's path may lack. */
export const toolEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`,
  LC_ALL: 'C',
}

/** Runs a tool to its end and gives its output. Throws a DriverError with the tool's own words when it fails. */
export function runCommand(command: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: toolEnvironment })
    let output = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
    child.once('error', (cause) =>
      reject(new DriverError(`cannot run ${command}`, { retryable: false, cause })),
    )
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output)
      const what = `${command} ${args.join(' ')}`
      reject(
        new DriverError(`${what}: ${errors.trim() || `ended with ${signal ?? code}`}`, {
          retryable: true,
        }),
      )
    })
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
