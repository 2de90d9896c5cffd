import type { MetricPort } from '../kernel/ports.ts'
import type { Scope } from '../kernel/scope.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import type { Reconciler } from '../reconcile/reconciler.ts'
import type { AlarmCatalogue } from './alarm-catalogue.ts'
import type { AlarmActions } from './alarm.ts'
import type { TimeSeries } from './domain/math/value.ts'
import type { MetricQuery } from './domain/metric-query.ts'
import type { Period } from './domain/periods.ts'
import type { PointQuery, PointStore, Series, SeriesFilter, SeriesPoint } from './point-store.ts'

/** What the engine is made with. */
export interface MetricsDeps {
  readonly points: PointStore
  readonly actions: AlarmActions
}

/** The engine as its face, the publishers and the server see it. */
export interface Metrics {
  readonly context: EngineContext
  readonly alarms: AlarmCatalogue
  readonly actions: AlarmActions
  /** For the platform's own engines: written soon, and lost if the server dies before. */
  readonly port: MetricPort
  /** Resolves when the points are on disk; wakes the alarms that they may change. */
  put(points: readonly SeriesPoint[]): Promise<void>
  /** Periods with data, apart by unit, ascending in time. */
  periods(query: PointQuery): Promise<readonly Period[]>
  /** The series of each query that returns data. Throws `ExpressionError`. */
  query(
    scope: Scope,
    queries: readonly MetricQuery[],
    range: { readonly from: number; readonly until: number },
  ): Promise<ReadonlyMap<string, readonly TimeSeries[]>>
  series(scope: Scope, filter: SeriesFilter): Promise<readonly Series[]>
  readonly reconcilers: readonly Reconciler[]
  /** Stops watching the store. The point store stays open: it is its maker's. */
  close(): void
}
