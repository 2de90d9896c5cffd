import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { FleetCount, FleetPart } from './simulated-hosts.ts'
import { usageOf } from './process-usage.ts'

export interface Fleet {
  count(): Promise<FleetCount & { readonly cpuSeconds: number }>
  stop(): Promise<void>
}

/** Files are limited to 20,000 for a process, and a host may need one. */
const hostsOfAProcess = 10_000

/** Simulated hosts in processes of their own. */
export function startFleet(of: FleetPart): Fleet {
  const children: ChildProcess[] = []
  for (let first = 0; first < of.hosts.length; first += hostsOfAProcess) {
    const child = fork(new URL('simulated-hosts.ts', import.meta.url).pathname)
    child.send({ ...of, hosts: of.hosts.slice(first, first + hostsOfAProcess) } satisfies FleetPart)
    children.push(child)
  }
  return {
    async count() {
      const counts = await Promise.all(
        children.map(async (child) => {
          child.send('count')
          const [count] = (await once(child, 'message')) as [FleetCount]
          return count
        }),
      )
      const sum = (name: 'requests' | 'completed' | 'failures'): number =>
        counts.reduce((total, count) => total + count[name], 0)
      return {
        requests: sum('requests'),
        completed: sum('completed'),
        failures: sum('failures'),
        lastFailure: counts.map((count) => count.lastFailure).find((text) => text !== '') ?? '',
        cpuSeconds: usageOf(children.map((child) => child.pid ?? 0)).cpuSeconds,
      }
    },
    async stop() {
      await Promise.all(
        children.map(async (child) => {
          const ended = once(child, 'exit')
          child.send('stop')
          await ended
        }),
      )
    },
  }
}
