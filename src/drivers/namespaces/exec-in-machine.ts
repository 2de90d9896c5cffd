import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { DriverError } from '../../kernel/errors.ts'
import type { ExecStreams } from '../../compute/driver.ts'
import type { ExecRequest, ExecResult } from '../../protocol/machine.ts'
import { boundingSet } from './bounding.ts'
import { groupsOf } from './limits.ts'

const script = readFileSync(new URL('scripts/exec.sh', import.meta.url), 'utf8')
const machinePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** A daemon that a command leaves behind may hold its output open for ever; what came until then is all. */
const drainMilliseconds = 200

/** Joins the machine's control groups first, so that its limits hold for what enters it, too. */
const join =
  'for group in $CGROUPS; do echo $$ > "$group/cgroup.procs"; done; unset CGROUPS; exec "$@"'

/** Runs a command inside all of a machine's namespaces and control groups, with a machine's capabilities and no more. */
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
    const groups = groupsOf(request.machineId)
    const entered = ['nsenter', ...enter, ...inner, ...request.command]
    const [program = '', ...words] =
      groups.length > 0 ? ['/bin/sh', '-c', join, 'join', ...entered] : entered
    const child = spawn(program, words, {
      detached: true,
      env: {
        PATH: machinePath,
        LANG: 'C.UTF-8',
        ...request.environment,
        BOUNDING: boundingSet,
        CGROUPS: groups.join(' '),
      },
      stdio: [streams.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    })
    let timedOut = false
    const kill = (): void => killCommand(child)
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

/**
 * Kills the command and leaves `nsenter` to see it off: killed first, it would leave its child to the host machine's process 1. The
 * group's others go once it has.
 */
function killCommand(entered: ChildProcess): void {
  const { pid } = entered
  if (pid === undefined) return
  entered.once('exit', () => sendKill(-pid))
  const children = readChildren(pid)
  sendKill(children === '' ? pid : Number(children.split(' ')[0]))
}

/** Empty when it has none (yet), or is gone. */
function readChildren(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  } catch {
    return ''
  }
}

function sendKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
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
