import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { output } from './platform.ts'

/** Everything of this machine that the platform could leave behind, as sorted lines. */
export interface MachineState {
  readonly processes: readonly string[]
  readonly mounts: readonly string[]
  readonly namespaces: readonly string[]
  readonly links: readonly string[]
  readonly rules: readonly string[]
  readonly sockets: readonly string[]
}

/** The state as it is now. Processes count by what they are to us: a command line that names the platform or its data. */
export async function machineState(dataDirectory: string): Promise<MachineState> {
  return {
    processes: processesNaming(dataDirectory),
    mounts: readFileSync('/proc/self/mounts', 'utf8').trim().split('\n').toSorted(),
    namespaces: namespacesInUse(),
    links: await lines('ip', ['-o', 'link', 'show']),
    rules: await lines('nft', ['list', 'ruleset']),
    sockets: readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .map((line) => line.split(/\s+/)[7] ?? '')
      .filter((path) => path.includes('evenkeel-'))
      .toSorted(),
  }
}

function processesNaming(dataDirectory: string): readonly string[] {
  return eachProcess((pid) => {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    const environment = readEnvironment(pid)
    const isOurs = line.includes(dataDirectory) || environment.includes(dataDirectory)
    return isOurs && pid !== process.pid ? line : undefined
  })
}

/** Mount and network namespaces that some process of ours still holds: those of no other process of this login. */
function namespacesInUse(): readonly string[] {
  const kinds = ['net', 'mnt', 'pid', 'user']
  const found = eachProcess((pid) =>
    kinds.map((kind) => readlinkSync(`/proc/${pid}/ns/${kind}`)).join(' '),
  )
  return [...new Set(found)].toSorted()
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
