import { AwsError } from '../../kernel/errors.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { ChartSeries } from '../../metrics/domain/picture/chart.ts'
import { ExpressionError } from '../../metrics/domain/math/read-expression.ts'
import { periodStart } from '../../metrics/domain/periods.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import { invalidWidget } from './errors.ts'
import { metricQueries } from './metric-queries.ts'
import type { Widget } from './metric-widget.ts'
import { checkPeriod } from './query-time.ts'
import type { WidgetLine } from './widget-metrics.ts'

/** The colours that lines take in turn, as in CloudWatch's console. */
const palette = [
  ...['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f'],
  ...['#bcbd22', '#17becf', '#aec7e8', '#ffbb78', '#98df8a', '#ff9896', '#c5b0d5', '#c49c94'],
]

/** What is to be drawn, in the order of the widget's rows. */
export async function widgetSeries(
  metrics: Metrics,
  scope: Scope,
  widget: Widget,
): Promise<readonly ChartSeries[]> {
  const { lines, spec, region } = widget
  if (lines.length === 0) return []
  const queries = queriesOf(lines)
  if (!queries.some(({ returnsData }) => returnsData)) return []
  const shortest = Math.min(...queries.map(({ stat }) => stat?.periodSeconds ?? 60))
  const range = { from: periodStart(spec.from, shortest < 60 ? 1 : 60), until: spec.until }
  const found = await computed(() => metrics.query({ ...scope, region }, queries, range))
  const labels = labelsOf(lines)
  const now = metrics.context.clock.now()
  let colours = 0
  return lines.flatMap((line) => {
    const id = line.query.Id ?? ''
    return (found.get(id) ?? []).map((series, index): ChartSeries => {
      const { periodSeconds } = series
      const usual = palette[colours++ % palette.length] ?? ''
      const points = [...series.points].toSorted(([one], [other]) => one - other)
      const isOver = ([at]: readonly [number, number]): boolean => at + periodSeconds * 1000 <= now
      return {
        label: labels.get(id) ?? series.label,
        colour: (index === 0 ? line.colour : undefined) ?? usual,
        ...{ side: line.side, periodSeconds },
        points: widget.isClosedOnly ? points.filter(isOver) : points,
      }
    })
  })
}

function queriesOf(lines: readonly WidgetLine[]): ReturnType<typeof metricQueries> {
  try {
    return metricQueries(
      lines.map(({ query }) => query),
      'metrics',
      checkPeriod,
    )
  } catch (thrown) {
    throw thrown instanceof AwsError ? invalidWidget('/metrics', thrown.message) : thrown
  }
}

async function computed<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (thrown) {
    throw thrown instanceof ExpressionError ? invalidWidget('/metrics', thrown.message) : thrown
  }
}

/** Of metrics without one: the metric's name, and where lines share it what tells them apart. */
function labelsOf(lines: readonly WidgetLine[]): ReadonlyMap<string, string> {
  const metrics = lines.flatMap(({ query }) => {
    const { Id, MetricStat, Label } = query
    if (!MetricStat || Label !== undefined) return []
    const { MetricName = '', Dimensions = [] } = MetricStat.Metric ?? {}
    const where = Dimensions.map(({ Value }) => Value).join(' ')
    return [{ id: Id ?? '', name: MetricName, where, how: MetricStat.Stat ?? '' }]
  })
  return new Map(
    metrics.map(({ id, name, where, how }) => {
      const alike = metrics.filter((other) => other.name === name)
      const differs = (part: 'where' | 'how'): boolean =>
        new Set(alike.map((each) => each[part])).size > 1
      const parts = [name, ...(differs('where') ? [where] : []), ...(differs('how') ? [how] : [])]
      return [id, parts.filter((part) => part !== '').join(' ')]
    }),
  )
}
