import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { UsageDriver } from '../../compute/driver.ts'
import type { MachineUsage } from '../../protocol/machine.ts'
import type { RunningMachine } from './zone-faults.ts'

/** Linux counts processor time for programs in hundredths of a second, whatever its own tick is (`USER_HZ`). */
const ticksPerSecond = 100

/** Which processes are one machine's: those in the same space as its first one. */
export interface ProcessSpaces {
  /** Undefined when the process is gone. */
  spaceOf(pid: number): string | undefined
  /** Whether a machine has a network of its own, whose traffic is its own. */
  readonly haveNetworks: boolean
}

/** A machine's processes share a pid namespace. */
export const namespaceSpaces: ProcessSpaces = {
  haveNetworks: true,
  spaceOf(pid) {
    try {
      return readlinkSync(`/proc/${pid}/ns/pid`)
    } catch {
      return undefined
    }
  },
}

/** A machine's processes share a session; who leaves it is not counted. */
export const sessionSpaces: ProcessSpaces = {
  haveNetworks: false,
  spaceOf: (pid) => statOf(pid)?.[sessionField],
}

/** What machines used so far, from `/proc`: one pass over all processes of the host. */
export function machineUsage(
  running: () => readonly RunningMachine[],
  spaces: ProcessSpaces,
): UsageDriver {
  return {
    async usage() {
      const machines = running()
      const secondsBySpace = secondsUsed(spaces)
      return machines.flatMap(({ spec, pid }): MachineUsage[] => {
        const seconds = secondsBySpace.get(spaces.spaceOf(pid) ?? '')
        if (seconds === undefined) return []
        return [{ id: spec.id, cpuSeconds: seconds, ...(spaces.haveNetworks && trafficOf(pid)) }]
      })
    },
  }
}

/** By space: of those that live, and of those that they waited for. */
function secondsUsed(spaces: ProcessSpaces): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const space = spaces.spaceOf(Number(name))
    const fields = statOf(Number(name))
    if (space === undefined || fields === undefined) continue
    const ticks = timeFields.reduce((sum, field) => sum + Number(fields[field]), 0)
    seconds.set(space, (seconds.get(space) ?? 0) + ticks / ticksPerSecond)
  }
  return seconds
}

/** Of `/proc/PID/stat`, counted from the one after the program's name (proc(5), fields 3 and on). */
const sessionField = 3
/** User and system time, its own and of children that ended. */
const timeFields = [11, 12, 13, 14]

function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Of its `eth0`, in both directions. Nothing when it has none now. */
function trafficOf(pid: number): Omit<MachineUsage, 'id' | 'cpuSeconds'> {
  try {
    return trafficIn(readFileSync(`/proc/${pid}/net/dev`, 'utf8'))
  } catch {
    return {}
  }
}

/** Of a text like `/proc/net/dev`: received bytes and packets are its first columns, sent ones its ninth and tenth. */
export function trafficIn(devices: string): Omit<MachineUsage, 'id' | 'cpuSeconds'> {
  const line = devices.split('\n').find((each) => each.trim().startsWith('eth0:'))
  if (line === undefined) return {}
  const counts = line
    .slice(line.indexOf(':') + 1)
    .trim()
    .split(/\s+/)
    .map(Number)
  const [bytesIn = 0, packetsIn = 0] = counts
  const [bytesOut = 0, packetsOut = 0] = counts.slice(8)
  return { network: { bytesIn, packetsIn, bytesOut, packetsOut } }
}
