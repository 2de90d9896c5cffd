import { reasonOf } from '../kernel/errors.ts'
import type { MetricDatum } from '../kernel/ports.ts'
import type { EngineContext } from '../reconcile/engine-context.ts'
import { actionReconciler } from './action-reconciler.ts'
import { createAlarmCatalogue } from './alarm-catalogue.ts'
import { createAlarmIndex } from './alarm-index.ts'
import { alarmReconciler, alarmReconcilerName } from './alarm-reconciler.ts'
import { periodsOf, periodStart } from './domain/periods.ts'
import { tallyOf } from './domain/tally.ts'
import type { Metrics, MetricsDeps } from './metrics.ts'
import { pointSweeper } from './point-sweeper.ts'
import type { SeriesPoint } from './point-store.ts'
import { createPointWriter } from './point-writer.ts'
import { queryMetrics } from './query-metrics.ts'

/** The engine of metrics and alarms. */
export function createMetrics(context: EngineContext, deps: MetricsDeps): Metrics {
  const { store, clock, log, wake } = context
  const { points, actions } = deps
  const writer = createPointWriter(points)
  const index = createAlarmIndex(store)

  async function put(added: readonly SeriesPoint[]): Promise<void> {
    await writer.write(added)
    for (const key of await index.wokenBy(added, clock.now())) wake.wake(alarmReconcilerName, key)
  }

  return {
    context,
    actions,
    alarms: createAlarmCatalogue(context),
    port: {
      record(measurements) {
        put(measurements.map(pointOf)).catch((thrown: unknown) => {
          log.write('warn', 'own metrics were not written', { reason: reasonOf(thrown) })
        })
      },
    },
    put,
    async periods(query) {
      return periodsOf(await points.read(query), query.from, query.periodSeconds)
    },
    query: (scope, queries, range) => queryMetrics(points, scope, queries, range),
    series: (scope, filter) => points.series(scope, filter),
    reconcilers: [
      alarmReconciler(context, points, index),
      actionReconciler(context, actions),
      pointSweeper(context, points),
    ],
    close: () => index.close(),
  }
}

function pointOf(measurement: MetricDatum): SeriesPoint {
  const { scope, namespace, name, dimensions, value, unit, at } = measurement
  const resolutionSeconds = measurement.resolutionSeconds ?? 60
  return {
    ...tallyOf([[value, 1]]),
    series: { scope, namespace, name, dimensions },
    at: periodStart(at, resolutionSeconds),
    resolutionSeconds,
    unit,
  }
}
