import { spawn } from 'node:child_process'
import type { ExecStreams } from '../../compute/driver.ts'
import { DriverError } from '../../kernel/errors.ts'
import type { ExecRequest, ExecResult } from '../../protocol/machine.ts'

export interface ProgramStart {
  readonly request: ExecRequest
  readonly environment: NodeJS.ProcessEnv
  readonly workingDirectory: string
}

/** A daemon that a command leaves behind may hold its output open for ever; what came until then is all. */
const drainMilliseconds = 200

/** Runs a program in a process group of its own; its end in time ends the group. */
export function runProgram(start: ProgramStart, streams: ExecStreams): Promise<ExecResult> {
  const [program = '', ...rest] = start.request.command
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      cwd: start.workingDirectory,
      detached: true,
      env: start.environment,
      stdio: [streams.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    })
    let timedOut = false
    const kill = (): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    }
    const expire = (): void => {
      timedOut = true
      kill()
    }
    const limit = start.request.timeoutMilliseconds
    const timer = limit === undefined ? undefined : setTimeout(expire, limit)
    streams.signal?.addEventListener('abort', kill, { once: true })
    child.stdout?.on('data', (chunk: Buffer) => streams.output?.('stdout', chunk))
    child.stderr?.on('data', (chunk: Buffer) => streams.output?.('stderr', chunk))
    if (streams.input && child.stdin) feed(streams.input, child.stdin)
    child.once('error', (cause) => {
      clearTimeout(timer)
      reject(
        new DriverError(`cannot run ${program}: ${cause.message}`, { retryable: false, cause }),
      )
    })
    child.once('exit', (code, signal) => {
      clearTimeout(timer)
      streams.signal?.removeEventListener('abort', kill)
      const finish = (): void => {
        clearTimeout(drain)
        child.stdout?.destroy()
        child.stderr?.destroy()
        resolve({ exitCode: code ?? undefined, signal: signal ?? undefined, timedOut })
      }
      const drain = setTimeout(finish, drainMilliseconds)
      child.once('close', finish)
    })
  })
}

function feed(input: AsyncIterable<Buffer>, stdin: NodeJS.WritableStream): void {
  stdin.on('error', () => undefined)
  const write = async (): Promise<void> => {
    for await (const chunk of input) {
      if (!stdin.writable) return
      if (!stdin.write(chunk)) {
        await new Promise<void>((ready) => {
          stdin.once('drain', ready).once('close', ready)
        })
      }
    }
    stdin.end()
  }
  write().catch(() => stdin.end())
}
