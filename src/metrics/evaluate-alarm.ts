import { isoTime } from '../kernel/clock.ts'
import type { Scope } from '../kernel/scope.ts'
import { dimensionsOf } from './alarm-index.ts'
import type { StateChange } from './alarm-changes.ts'
import type { Measure, MetricAlarm } from './alarm.ts'
import { stateReason } from './domain/alarm-words.ts'
import { periodStart } from './domain/periods.ts'
import { parseStatistic } from './domain/statistic.ts'
import { isBreachFinal, lookBackPeriods, planAlarm, type Datapoint } from './plan-alarm.ts'
import type { PointStore } from './point-store.ts'
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
  if (measure.kind === 'math') return undefined
  const { slots, hasFewSamples } = await rangeOf(points, scope, { alarm, measure }, now)
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
      ...statisticWords(measure),
      period: measure.periodSeconds,
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

async function rangeOf(
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
