import { drawChart } from '../../../metrics/domain/picture/chart.ts'
import { drawValues } from '../../../metrics/domain/picture/values.ts'
import { encodePng } from '../../../metrics/encode-png.ts'
import { is } from '../../../wire/accept.ts'
import type { Operation } from '../../../wire/service.ts'
import { missingParameter } from '../errors.ts'
import { readWidget } from '../metric-widget.ts'
import type { CloudWatchDeps, CloudWatchOperations } from '../service-deps.ts'
import { withAlarm } from '../widget-alarm.ts'
import { widgetSeries } from '../widget-series.ts'

/** A picture of what the metrics were. Only as a member of the answer: `image/png` is for who has no client. */
export const getMetricWidgetImage: Operation<
  CloudWatchOperations,
  'GetMetricWidgetImage',
  CloudWatchDeps
> = {
  accepts: { MetricWidget: true, OutputFormat: is('png') },
  async handle({ MetricWidget }, { scope }, { metrics }) {
    if (!MetricWidget) throw missingParameter('MetricWidget')
    const asked = readWidget(MetricWidget, { scope, now: metrics.context.clock.now() })
    const widget = await withAlarm(metrics, scope, asked)
    const series = await widgetSeries(metrics, scope, widget)
    const canvas =
      widget.view === 'singleValue'
        ? drawValues({ ...widget.spec, series })
        : drawChart({ ...widget.spec, series })
    return { MetricWidgetImage: await encodePng(canvas) }
  },
}
