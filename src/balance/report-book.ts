import type { Clock } from '../kernel/clock.ts'
import type { GatewayReport } from '../protocol/gateway.ts'

/** Gateways speak every two seconds; one that has not for so long is not there. */
const silenceMilliseconds = 10_000

/** The last word of each gateway. In memory only: they say it all again within seconds. */
export interface ReportBook {
  take(report: GatewayReport): void
  fresh(): readonly GatewayReport[]
  find(gatewayId: string): GatewayReport | undefined
  /** It has had time to speak and has not. */
  isSilent(gatewayId: string): boolean
}

export function createReportBook(clock: Clock): ReportBook {
  const openedAt = clock.now()
  const entries = new Map<string, { report: GatewayReport; at: number }>()
  const isFresh = (at: number): boolean => clock.now() - at < silenceMilliseconds
  return {
    take(report) {
      entries.set(report.gatewayId, { report, at: clock.now() })
    },
    fresh() {
      for (const [id, entry] of entries) if (!isFresh(entry.at)) entries.delete(id)
      return [...entries.values()].map((entry) => entry.report)
    },
    find(gatewayId) {
      const entry = entries.get(gatewayId)
      return entry !== undefined && isFresh(entry.at) ? entry.report : undefined
    },
    isSilent(gatewayId) {
      const at = entries.get(gatewayId)?.at ?? openedAt
      return !isFresh(at)
    },
  }
}
