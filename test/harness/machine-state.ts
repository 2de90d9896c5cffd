import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { output } from './platform.ts'

/** What of this machine the platform could leave behind, by kind, as lines. */
export type MachineState = Readonly<Record<string, readonly string[]>>

/** The state as it is now. Ours are the processes and sockets that name one of `marks`: the data and the run directory. */
export async function machineState(marks: readonly string[]): Promise<MachineState> {
  const names = (text: string): boolean => marks.some((mark) => text.includes(mark))
  return {
    processes: processesThat(names),
    mounts: readFileSync('/proc/self/mounts', 'utf8').trim().split('\n'),
    namespaces: namespacesHeld(),
    links: await lines('ip', ['-o', 'link', 'show']),
    routes: await lines('ip', ['route', 'show', 'table', 'all']),
    rules: await lines('nft', ['list', 'ruleset']),
    sockets: readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .map((line) => line.split(/\s+/)[7] ?? '')
      .filter(names),
  }
}

/** What is there now and was not before, by kind. */
export function leftBehind(before: MachineState, after: MachineState): MachineState {
  return Object.fromEntries(
    Object.entries(after).flatMap(([kind, now]) => {
      const added = now.filter((line) => !before[kind]?.includes(line))
      return added.length === 0 ? [] : [[kind, added]]
    }),
  )
}

function processesThat(names: (text: string) => boolean): readonly string[] {
  return eachProcess((pid) => {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return pid !== process.pid && (names(line) || names(readEnvironment(pid))) ? line : undefined
  })
}

/** Namespaces that some process is in. */
function namespacesHeld(): readonly string[] {
  const kinds = ['net', 'mnt', 'pid', 'user']
  const found = eachProcess((pid) =>
    kinds.map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`)).join(' '),
  )
  return [...new Set(found)]
}

function eachProcess(read: (pid: number) => string | undefined): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const value = read(Number(name))
        return value === undefined ? [] : [value]
      } catch {
        return []
      }
    })
    .toSorted()
}

function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

async function lines(command: string, words: readonly string[]): Promise<readonly string[]> {
  try {
    return (await output(command, words)).trim().split('\n').toSorted()
  } catch {
    return []
  }
}
