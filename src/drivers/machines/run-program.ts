import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { ExecStreams } from '../../compute/driver.ts'
import { DriverError } from '../../kernel/errors.ts'
import type { ExecResult } from '../../protocol/machine.ts'
import { writeTaken } from './write-taken.ts'

export interface ProgramStart {
  readonly command: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly workingDirectory: string
  readonly timeoutMilliseconds: number | undefined
  /** Ends the program at once; its process leads a group of its own. */
  kill(child: ChildProcess): void
}

/** A daemon that a command leaves behind may hold its output open for ever; what came until then is all. */
const drainMilliseconds = 200

/** Runs a program for `exec`: its streams, its end in time, its exit. */
export function runProgram(start: ProgramStart, streams: ExecStreams): Promise<ExecResult> {
  const [program = '', ...rest] = start.command
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      cwd: start.workingDirectory,
      detached: true,
      env: start.environment,
      stdio: [streams.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    })
    let timedOut = false
    const kill = (): void => start.kill(child)
    const expire = (): void => {
      timedOut = true
      kill()
    }
    const limit = start.timeoutMilliseconds
    const timer = limit === undefined ? undefined : setTimeout(expire, limit)
    streams.signal?.addEventListener('abort', kill, { once: true })
    const held = new Set<string>()
    for (const name of ['stdout', 'stderr'] as const) passOn(child[name], name, streams, held)
    if (streams.input && child.stdin) feed(streams.input, child.stdin)
    child.once('error', (cause) => {
      clearTimeout(timer)
      reject(new DriverError(`cannot run ${program}: ${cause.message}`, { retryable: true, cause }))
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
      const finishUnlessHeld = (): void => {
        if (held.size === 0) return finish()
        drain = setTimeout(finishUnlessHeld, drainMilliseconds)
      }
      let drain = setTimeout(finishUnlessHeld, drainMilliseconds)
      child.once('close', finish)
    })
  })
}

/** Gives output on as fast as it is taken; `held` has the name of a stream that waits for its receiver. */
function passOn(
  source: Readable | null,
  name: 'stdout' | 'stderr',
  streams: ExecStreams,
  held: Set<string>,
): void {
  source?.on('data', (chunk: Buffer) => {
    const taken = streams.output?.(name, chunk)
    if (!taken) return
    held.add(name)
    source.pause()
    const goOn = (): void => {
      held.delete(name)
      source.resume()
    }
    taken.then(goOn, goOn)
  })
}

function feed(input: AsyncIterable<Buffer>, stdin: Writable): void {
  stdin.on('error', () => undefined)
  const write = async (): Promise<void> => {
    for await (const chunk of input) {
      if (!stdin.writable) return
      await writeTaken(stdin, chunk)
    }
    stdin.end()
  }
  write().catch(() => stdin.end())
}
