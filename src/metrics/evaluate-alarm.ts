import { isoTime } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import { dimensionsOf } from './alarm-index.ts'
import type { StateChange } from './alarm-changes.ts'
import type { Measure, MetricAlarm } from './alarm.ts'
import { stateReason } from './domain/alarm-words.ts'
import type { MetricQuery } from './domain/metric-query.ts'
import { periodStart } from './domain/periods.ts'
import { parseStatistic } from './domain/statistic.ts'
import { isBreachFinal, lookBackPeriods, planAlarm, type Datapoint } from './plan-alarm.ts'
import type { PointStore } from './point-store.ts'
import { periodOf, queryMetrics } from './query-metrics.ts'
import { readStatistic, type StatisticValue } from './read-statistic.ts'

/** The periods that an alarm goes by now, newest first. */
interface Range {
  readonly slots: readonly (Datapoint | undefined)[]
  readonly hasFewSamples: boolean
}

/** The state that a metric alarm is in by what is known now; undefined when it stays as it is. */
export async function evaluateAlarm(
  points: PointStore,
  scope: Scope,
  alarm: MetricAlarm,
  now: number,
): Promise<StateChange | undefined> {
  const { measure } = alarm
  const { slots, hasFewSamples } =
    measure.kind === 'math'
      ? await mathRange(points, scope, { alarm, queries: measure.queries }, now)
      : await metricRange(points, scope, { alarm, measure }, now)
  if (hasFewSamples && alarm.ignoresLowSampleCount) return undefined
  const plan = planAlarm(alarm, slots)
  if (plan.verdict === 'retain') return undefined
  const newest = plan.evaluated[0]
  return {
    to: plan.verdict,
    reason: stateReason(alarm, alarm.state, plan),
    value: newest?.value,
    reasonData: JSON.stringify({
      version: '1.0',
      queryDate: isoTime(now),
      ...(plan.evaluated.length === 0
        ? {}
        : { startDate: isoTime(plan.evaluated.at(-1)?.at ?? now) }),
      ...(measure.kind === 'math'
        ? { period: periodOf(measure.queries) }
        : { ...statisticWords(measure), period: measure.periodSeconds }),
      recentDatapoints: plan.evaluated.map((point) => point.value).toReversed(),
      threshold: alarm.threshold,
      evaluatedDatapoints: plan.evaluated.map(({ at, value }) => ({
        timestamp: isoTime(at),
        value,
      })),
    }),
  }
}

type MetricMeasure = Extract<Measure, { kind: 'metric' }>

async function metricRange(
  points: PointStore,
  scope: Scope,
  { alarm, measure }: { alarm: MetricAlarm; measure: MetricMeasure },
  now: number,
): Promise<Range> {
  const { periodSeconds, statistic } = measure
  const length = periodSeconds * 1000
  const open = periodStart(now, periodSeconds)
  const periods = alarm.evaluationPeriods + lookBackPeriods
  const values = await readStatistic(
    points,
    scope,
    { ...measure, dimensions: dimensionsOf(measure.dimensions) },
    { from: open - periods * length, until: open + length },
  )
  const byTime = new Map(values.map((value) => [value.at, value]))
  const starts = Array.from({ length: periods }, (_, index) => open - (index + 1) * length)
  const soFar = byTime.get(open)
  if (soFar && isBreachFinal(alarm, statistic, soFar)) starts.unshift(open)
  const slots = starts.map((at) => byTime.get(at))
  const newest = slots.find((slot) => slot !== undefined)
  return { slots, hasFewSamples: newest !== undefined && isTooFew(newest, statistic) }
}

/** Of metric math only closed periods count. */
async function mathRange(
  points: PointStore,
  scope: Scope,
  { alarm, queries }: { alarm: MetricAlarm; queries: readonly MetricQuery[] },
  now: number,
): Promise<Range> {
  const periodSeconds = periodOf(queries)
  const length = periodSeconds * 1000
  const until = periodStart(now, periodSeconds)
  const periods = alarm.evaluationPeriods + lookBackPeriods
  const found = await queryMetrics(points, scope, queries, {
    from: until - periods * length,
    until,
  })
  const [series] = [...found.values()].flat()
  const starts = Array.from({ length: periods }, (_, index) => until - (index + 1) * length)
  const slots = starts.map((at) => {
    const value = series?.points.get(at)
    return value === undefined ? undefined : { at, value }
  })
  return { slots, hasFewSamples: false }
}

/** CloudWatch's rule: ten samples beyond the percentile. */
function isTooFew({ count }: StatisticValue, name: string): boolean {
  const statistic = parseStatistic(name)
  if (statistic?.kind !== 'percentile') return false
  const share = statistic.percent / 100
  const beyond = share >= 0.5 ? 1 - share : share
  return beyond > 0 && count < 10 / beyond
}

function statisticWords(measure: MetricMeasure): object {
  const unit = measure.unit === undefined ? {} : { unit: measure.unit }
  return parseStatistic(measure.statistic)?.kind === 'percentile'
    ? { extendedStatistic: measure.statistic, ...unit }
    : { statistic: measure.statistic, ...unit }
}
