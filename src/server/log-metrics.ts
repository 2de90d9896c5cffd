import type { LogMetrics } from '../logs/log-metrics.ts'
import { periodStart } from '../metrics/domain/periods.ts'
import { tallyOf } from '../metrics/domain/tally.ts'
import type { Metrics } from '../metrics/metrics.ts'

/** AWS's metric filters write minutes. */
const resolutionSeconds = 60

/** What metric filters find, as points of metrics. */
export function logMetrics(metrics: Pick<Metrics, 'put'>): LogMetrics {
  return {
    put: (scope, values) =>
      metrics.put(
        values.map(({ namespace, name, dimensions, unit, value, at }) => ({
          ...tallyOf([[value, 1]]),
          series: { scope, namespace, name, dimensions },
          at: periodStart(at, resolutionSeconds),
          resolutionSeconds,
          unit,
        })),
      ),
  }
}
