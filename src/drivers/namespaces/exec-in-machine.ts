import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { ExecStreams } from '../../compute/driver.ts'
import type { ExecRequest, ExecResult } from '../../protocol/machine.ts'
import { metadataAddress } from '../../protocol/network.ts'
import { runProgram } from '../machines/run-program.ts'
import { boundingSet } from './bounding.ts'
import { groupsOf } from './limits.ts'

const script = readFileSync(new URL('scripts/exec.sh', import.meta.url), 'utf8')
const machinePath =
  '/opt/aws/shims:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/aws/bin'

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
  const groups = groupsOf(request.machineId)
  const entered = ['nsenter', ...enter, ...inner, ...request.command]
  const start = {
    command: groups.length > 0 ? ['/bin/sh', '-c', join, 'join', ...entered] : entered,
    environment: {
      PATH: machinePath,
      LANG: 'C.UTF-8',
      AWS_ENDPOINT_URL: `http://${metadataAddress}:4566`,
      ...request.environment,
      BOUNDING: boundingSet,
      CGROUPS: groups.join(' '),
    },
    workingDirectory: '/',
    timeoutMilliseconds: request.timeoutMilliseconds,
    kill: killCommand,
  }
  return runProgram(start, streams)
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
