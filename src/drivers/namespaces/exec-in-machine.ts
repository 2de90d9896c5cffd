import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { DriverError } from '../../kernel/errors.ts'
import type { ExecStreams } from '../../compute/driver.ts'
import type { ExecRequest, ExecResult } from '../../protocol/machine.ts'
import { boundingSet } from './bounding.ts'

const script = readFileSync(new URL('scripts/exec.sh', import.meta.url), 'utf8')
const machinePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** A daemon that a command leaves behind may hold its output open for ever; what came until then is all. */
const drainMilliseconds = 200

/** Runs a command inside all of a machine's namespaces, with a machine's capabilities and no more. */
export function execInMachine(
  pid: number,
  request: ExecRequest,
  streams: ExecStreams,
): Promise<ExecResult> {
  const enter = [
    '--target',
    String(pid),
    '--mount',
    '--uts',
    '--ipc',
    '--net',
    '--pid',
    '--root',
    '--wd',
  ]
  const inner = [
    '/bin/sh',
    '-c',
    script,
    'exec',
    request.user ?? 'root',
    request.workingDirectory ?? '',
  ]
  return new Promise((resolve, reject) => {
    const child = spawn('nsenter', [...enter, ...inner, ...request.command], {
      detached: true,
      env: { PATH: machinePath, LANG: 'C.UTF-8', ...request.environment, BOUNDING: boundingSet },
      stdio: [streams.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    })
    let timedOut = false
    const kill = (): void => {
      if (child.pid !== undefined) killGroup(child.pid)
    }
    const expire = (): void => {
      timedOut = true
      kill()
    }
    const { timeoutMilliseconds: limit } = request
    const timer = limit === undefined ? undefined : setTimeout(expire, limit)
    streams.signal?.addEventListener('abort', kill, { once: true })
    child.stdout?.on('data', (chunk: Buffer) => streams.output?.('stdout', chunk))
    child.stderr?.on('data', (chunk: Buffer) => streams.output?.('stderr', chunk))
    if (streams.input && child.stdin) feed(streams.input, child.stdin)
    child.once('error', (cause) =>
      reject(
        new DriverError(`cannot enter machine ${request.machineId}`, { retryable: true, cause }),
      ),
    )
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

/** `nsenter` leads the group and its child stays in it, across the pid namespace's border. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}

function feed(input: AsyncIterable<Buffer>, stdin: NodeJS.WritableStream): void {
  stdin.on('error', () => undefined)
  const write = async (): Promise<void> => {
    for await (const chunk of input) {
      if (!stdin.writable) return
      if (!stdin.write(chunk))
        await new Promise((ready) => stdin.once('drain', ready).once('close', ready))
    }
    stdin.end()
  }
  write().catch(() => stdin.end())
}
