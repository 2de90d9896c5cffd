import type { ListenerSpec, TargetGroupSpec, TrafficCounts } from '../../protocol/gateway.ts'
import { backendName, markOf, variantsOf } from './names.ts'

type Counts = { -readonly [Name in keyof TrafficCounts]: TrafficCounts[Name] }
export type Row = ReadonlyMap<string, string>

/** Columns of HAProxy's statistics that only grow. */
const growing = ['stot', 'req_tot', 'bin', 'bout', 'hrsp_2xx', 'hrsp_3xx', 'hrsp_4xx', 'hrsp_5xx']

/**
 * What went through HAProxy, in the built-in plane's terms, out of looks at the statistics of its processes. What a process carries after it
 * was replaced is not seen; response times are means of each server's last 1,024.
 */
export class CarriedTraffic {
  /** Whose a frontend or backend is. */
  private owners = new Map<string, { readonly balancerId: string; readonly groupId?: string }>()
  private readonly counts = new Map<string, Counts>()
  /** By process and row: what was seen last. */
  private readonly seen = new Map<string, ReadonlyMap<string, number>>()

  place(
    listeners: readonly ListenerSpec[],
    groupsOf: (listener: ListenerSpec) => readonly TargetGroupSpec[],
  ): void {
    this.owners = new Map()
    for (const listener of listeners) {
      const { id, balancerId } = listener
      this.owners.set(`f_${markOf(id)}`, { balancerId })
      for (const group of groupsOf(listener)) {
        for (const variant of variantsOf(listener)) {
          const name = backendName(markOf(id), markOf(group.id), variant)
          this.owners.set(name, { balancerId, groupId: group.id })
        }
      }
    }
  }

  /** A process is over. */
  forget(folder: string): void {
    for (const key of this.seen.keys()) if (key.startsWith(`${folder} `)) this.seen.delete(key)
  }

  take(folder: string, rows: readonly Row[]): void {
    for (const counts of this.counts.values()) counts.activeConnections = 0
    for (const row of rows) this.add(folder, row)
  }

  private add(folder: string, row: Row): void {
    const proxy = row.get('pxname') ?? ''
    const name = row.get('svname') ?? ''
    const owner = this.owners.get(proxy)
    const news = this.newsOf(`${folder} ${proxy}/${name}`, row)
    if (owner === undefined) return
    const own = this.of(owner.balancerId)
    if (owner.groupId === undefined) {
      addStatuses(own, news, 1)
      own.connections += news.get('stot') ?? 0
      own.bytes += (news.get('bin') ?? 0) + (news.get('bout') ?? 0)
      own.activeConnections += Number(row.get('scur') || 0)
      return
    }
    const group = this.of(owner.balancerId, owner.groupId)
    if (name === 'BACKEND') {
      group.requests += news.get('req_tot') ?? 0
      return
    }
    // What a target answered is not the balancer's own, though clients got it by the frontend.
    addStatuses(own, news, -1)
    addStatuses(group, news, 1)
    const answers = growing
      .filter((column) => column.startsWith('hrsp_'))
      .reduce((sum, column) => sum + (news.get(column) ?? 0), 0)
    group.answers += answers
    group.answerSeconds += (answers * Number(row.get('rtime') || 0)) / 1000
  }

  private newsOf(key: string, row: Row): ReadonlyMap<string, number> {
    const before = this.seen.get(key)
    const now = new Map(growing.map((column) => [column, Number(row.get(column) || 0)]))
    this.seen.set(key, now)
    return new Map(
      [...now].map(([column, value]) => [column, Math.max(0, value - (before?.get(column) ?? 0))]),
    )
  }

  private of(balancerId: string, targetGroupId?: string): Counts {
    const key = `${balancerId} ${targetGroupId ?? ''}`
    let counts = this.counts.get(key)
    if (counts === undefined) {
      counts = {
        ...{ balancerId, requests: 0, answers: 0, answerSeconds: 0 },
        ...{ status2xx: 0, status3xx: 0, status4xx: 0, status5xx: 0 },
        ...{ connections: 0, activeConnections: 0, bytes: 0 },
        ...(targetGroupId === undefined ? {} : { targetGroupId }),
      }
      this.counts.set(key, counts)
    }
    return counts
  }

  /** One look may see a target's answer before the frontend counts it: what is below nothing is the next look's. */
  report(): readonly TrafficCounts[] {
    return [...this.counts.values()].map((counts) => ({
      ...counts,
      status2xx: Math.max(0, counts.status2xx),
      status3xx: Math.max(0, counts.status3xx),
      status4xx: Math.max(0, counts.status4xx),
      status5xx: Math.max(0, counts.status5xx),
    }))
  }
}

function addStatuses(counts: Counts, news: ReadonlyMap<string, number>, sign: 1 | -1): void {
  counts.status2xx += sign * (news.get('hrsp_2xx') ?? 0)
  counts.status3xx += sign * (news.get('hrsp_3xx') ?? 0)
  counts.status4xx += sign * (news.get('hrsp_4xx') ?? 0)
  counts.status5xx += sign * (news.get('hrsp_5xx') ?? 0)
}
