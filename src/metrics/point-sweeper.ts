import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import { StaleRevision } from '../store/records.ts'
import { history } from './alarm.ts'
import { retention, rollUp, seriesKeptMilliseconds } from './domain/retention.ts'
import type { PointStore } from './point-store.ts'

/** So many points are rolled up at a time. */
const pointsMax = 20_000
/** A period is merged once nothing is likely to come for it any more. */
const closedMilliseconds = 2 * 60_000
/** How far back parts of periods are looked for; those of later stragglers are merged when they are rolled up. */
const crowdedMilliseconds = 15 * 60_000
/** AWS keeps an alarm's history for thirty days. */
const historyMilliseconds = 30 * 24 * 3_600_000

/** Merges, rolls up and forgets points, and forgets old history. A reconciler: each step leaves every sum as it was. */
export function pointSweeper({ store, clock }: EngineContext, points: PointStore): Reconciler {
  return {
    name: 'metrics/points',
    periodMilliseconds: 60_000,
    concurrencyMax: 1,
    wakes: [],
    async keys() {
      return ['merge', 'roll-up', 'history']
    },
    async reconcile(key, signal) {
      const now = clock.now()
      if (key === 'merge') await merge(now, signal)
      if (key === 'roll-up') await rollUpAll(now, signal)
      if (key === 'history') await forgetHistory(now)
      return undefined
    },
  }

  async function merge(now: number, signal: AbortSignal): Promise<void> {
    const range = { from: now - crowdedMilliseconds, before: now - closedMilliseconds }
    while (!signal.aborted) {
      const parts = await points.crowded({ ...range, pointsMax })
      if (parts.length < 2) return
      const merged = rollUp(parts)
      if (merged.length === parts.length) return
      await points.replace(
        parts.map((point) => point.id),
        merged,
      )
    }
  }

  async function rollUpAll(now: number, signal: AbortSignal): Promise<void> {
    for (const { resolutionSeconds, keptMilliseconds, becomesSeconds } of retention) {
      while (!signal.aborted) {
        const before = now - keptMilliseconds
        const aged = await points.aged({ resolutionSeconds, before, pointsMax })
        if (aged.length === 0) break
        await points.replace(
          aged.map((point) => point.id),
          becomesSeconds === undefined ? [] : rollUp(aged, becomesSeconds),
        )
      }
    }
    await points.forgetSeries(now - seriesKeptMilliseconds)
  }

  async function forgetHistory(now: number): Promise<void> {
    for (const record of await store.listAll(history, { itemsMax: 1000 })) {
      if (record.value.at + historyMilliseconds >= now) return
      await store.remove(record).catch((thrown: unknown) => {
        if (!(thrown instanceof StaleRevision)) throw thrown
      })
    }
  }
}
