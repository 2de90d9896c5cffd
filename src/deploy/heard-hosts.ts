import type { Clock } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import { mirrorKey } from '../store/mirror.ts'
import { kindOf, modify, RecordExists, type Store, type StoredRecord } from '../store/records.ts'

/** When agents last asked for work, by host; hosts are spread over a fixed number of records in each region. By number. */
export interface HeardHosts {
  readonly heardAt: Readonly<Record<string, number>>
}

export const heardHosts = kindOf<HeardHosts>('deploy/heard-hosts')

/** Enough that the records of 30,000 hosts stay at some kilobytes each. */
const recordsCount = 64
/** Polls are written down this often, so that a fleet's polling is not a fleet's worth of writes. */
const writeMilliseconds = 10_000
/** What was not heard for so long is forgotten: silence of a minute is all that anybody asks for. */
const keptMilliseconds = 3600_000
/** Above so many hosts, those of old are looked for and forgotten. */
const rememberedMax = 10_000

export interface HostHearing {
  /** When this server itself last heard of a host; 0 when it did not. Written down later, so ahead of the records. */
  lastHeard(scope: Scope, instanceId: string): number
  heard(hosts: readonly { readonly scope: Scope; readonly instanceId: string }[]): Promise<void>
}

/** Writes down which hosts' agents ask for work. */
export function hostHearing(world: { store: Store; clock: Clock }): HostHearing {
  const { store, clock } = world
  let pending = new Map<string, { scope: Scope; id: string; hosts: Map<string, number> }>()
  let writtenAt = Number.NEGATIVE_INFINITY
  const heardHere = new Map<string, number>()

  async function write(): Promise<void> {
    writtenAt = clock.now()
    const records = pending
    pending = new Map()
    if (heardHere.size > rememberedMax) {
      for (const [key, at] of heardHere) {
        if (writtenAt - at >= keptMilliseconds) heardHere.delete(key)
      }
    }
    await Promise.all(
      [...records.values()].map(({ scope, id, hosts }) => writeOne({ scope, id }, hosts)),
    )
  }

  async function writeOne(
    at: { scope: Scope; id: string },
    hosts: ReadonlyMap<string, number>,
  ): Promise<void> {
    const value = (before: Readonly<Record<string, number>>): HeardHosts => {
      const kept = Object.entries(before).filter(
        ([, time]) => clock.now() - time < keptMilliseconds,
      )
      return { heardAt: { ...Object.fromEntries(kept), ...Object.fromEntries(hosts) } }
    }
    for (;;) {
      if (await modify(store, { kind: heardHosts, ...at }, (known) => value(known.heardAt))) return
      try {
        await store.insert(heardHosts, at, value({}))
        return
      } catch (thrown) {
        if (!(thrown instanceof RecordExists)) throw thrown
      }
    }
  }

  return {
    lastHeard: (scope, id) => heardHere.get(mirrorKey({ scope, id })) ?? 0,
    async heard(hosts) {
      const now = clock.now()
      for (const { scope, instanceId } of hosts) {
        heardHere.set(mirrorKey({ scope, id: instanceId }), now)
        const at = { scope, id: recordOf(instanceId) }
        const key = mirrorKey(at)
        const record = pending.get(key) ?? { ...at, hosts: new Map<string, number>() }
        pending.set(key, record)
        record.hosts.set(instanceId, now)
      }
      if (now - writtenAt >= writeMilliseconds) await write()
    },
  }
}

/** When a host's agent last asked for work; 0 when that is not known. */
export function heardAt(
  records: ReadonlyMap<string, StoredRecord<HeardHosts>>,
  scope: Scope,
  instanceId: string,
): number {
  const record = records.get(mirrorKey({ scope, id: recordOf(instanceId) }))
  return record?.value.heardAt[instanceId] ?? 0
}

function recordOf(instanceId: string): string {
  return `${numberOf(instanceId) % recordsCount}`
}

function numberOf(text: string): number {
  let number = 7
  for (const character of text) number = (number * 31 + character.charCodeAt(0)) >>> 0
  return number
}
