import type { GatewayReport, TrafficCounts } from '../protocol/gateway.ts'

/** What went through a balancer, or through one of its target groups, since it was asked for last. */
export type Traffic = TrafficCounts

const totals = [
  ...(['requests', 'answers', 'answerSeconds', 'connections', 'bytes'] as const),
  ...(['status2xx', 'status3xx', 'status4xx', 'status5xx', 'nonCompliant'] as const),
  ...(['status500', 'status502', 'status503', 'status504'] as const),
  ...(['fixedResponses', 'redirects'] as const),
]

type Counts = { -readonly [Name in keyof TrafficCounts]: TrafficCounts[Name] }

/** Turns gateways' totals into what is new. In memory only: what a server had not measured when it ended is not measured. */
export interface TrafficBook {
  take(gatewayId: string, report: GatewayReport): void
  /** What came in since the last call, added up over gateways and listeners. */
  drain(): readonly Traffic[]
}

export function createTrafficBook(): TrafficBook {
  const before = new Map<string, ReadonlyMap<string, TrafficCounts>>()
  let pending = new Map<string, Counts>()
  return {
    take(gatewayId, { traffic = [] }) {
      const now = sumsOf(traffic)
      const known = before.get(gatewayId)
      before.set(gatewayId, now)
      // A gateway that is heard for the first time has served others than us before: its totals are no news.
      if (known === undefined) return
      for (const [key, counts] of now) add(pending, key, news(counts, known.get(key)))
    },
    drain() {
      const drained = [...pending.values()]
      pending = new Map()
      return drained
    },
  }
}

function sumsOf(traffic: readonly TrafficCounts[]): ReadonlyMap<string, TrafficCounts> {
  const sums = new Map<string, Counts>()
  for (const counts of traffic) {
    add(sums, `${counts.balancerId} ${counts.targetGroupId ?? ''}`, counts)
  }
  return sums
}

/** A total that shrank began anew with its process or listener: all of it is news. */
function news(now: TrafficCounts, before: TrafficCounts | undefined): TrafficCounts {
  const changed = { ...now } as Counts
  for (const name of totals) {
    const known = before?.[name] ?? 0
    const total = now[name] ?? 0
    changed[name] = total >= known ? total - known : total
  }
  return changed
}

function add(sums: Map<string, Counts>, key: string, counts: TrafficCounts): void {
  const sum = sums.get(key)
  if (sum === undefined) {
    sums.set(key, { ...counts })
    return
  }
  for (const name of totals) sum[name] = (sum[name] ?? 0) + (counts[name] ?? 0)
  // Gateways tell more often than they are asked for: the greatest that was seen stands for the time between.
  sum.activeConnections = Math.max(sum.activeConnections, counts.activeConnections)
}
