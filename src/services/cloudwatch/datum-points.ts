import type { MetricDatum } from '@aws-sdk/client-cloudwatch'
import type { Scope } from '../../kernel/scope.ts'
import { periodStart } from '../../metrics/domain/periods.ts'
import { tallyOf } from '../../metrics/domain/tally.ts'
import type { SeriesPoint, Tally } from '../../metrics/point-store.ts'
import { dimensionMap } from './dimensions.ts'
import { invalidCombination, invalidValue, missingParameter } from './errors.ts'
import { checkName, checkUnit } from './metric-names.ts'

const valuesMax = 150
const magnitudeMax = 2 ** 360
const pastMilliseconds = 14 * 24 * 3_600_000
const futureMilliseconds = 2 * 3_600_000

/** A datum of PutMetricData as a point; `path` (`MetricData.member.1`) names it in errors. */
export function pointOfDatum(
  datum: MetricDatum,
  at: { scope: Scope; namespace: string; now: number; path: string },
): SeriesPoint {
  const { scope, namespace, now, path } = at
  const resolutionSeconds = datum.StorageResolution ?? 60
  if (resolutionSeconds !== 1 && resolutionSeconds !== 60) {
    throw invalidValue(`The parameter ${path}.StorageResolution must be 1 or 60.`)
  }
  const time = datum.Timestamp?.getTime() ?? now
  if (time > now + futureMilliseconds) {
    throw invalidValue(
      `The parameter ${path}.Timestamp must specify a time no more than two hours in the future.`,
    )
  }
  if (!(time >= now - pastMilliseconds)) {
    throw invalidValue(
      `The parameter ${path}.Timestamp must specify a time within the past two weeks.`,
    )
  }
  return {
    ...tallyOfDatum(datum, path),
    series: {
      scope,
      namespace,
      name: checkName(datum.MetricName, `${path}.MetricName`),
      dimensions: dimensionMap(datum.Dimensions, `${path}.Dimensions`),
    },
    at: periodStart(time, resolutionSeconds),
    resolutionSeconds,
    unit: datum.Unit === undefined ? 'None' : checkUnit(datum.Unit, `${path}.Unit`),
  }
}

function tallyOfDatum(datum: MetricDatum, path: string): Tally {
  const { Value, Values, Counts, StatisticValues } = datum
  const given = [Value, Values, StatisticValues].filter((one) => one !== undefined)
  if (given.length > 1) {
    throw invalidCombination(
      `The parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues are mutually exclusive and you have specified more than one.`,
    )
  }
  if (Value !== undefined) return tallyOf([[checkNumber(Value, `${path}.Value`), 1]])
  if (Values !== undefined) return tallyOfValues(Values, Counts, path)
  if (StatisticValues === undefined) throw missingParameter(`${path}.Value`)
  return tallyOfSet(StatisticValues, `${path}.StatisticValues`)
}

function tallyOfValues(
  values: readonly number[],
  counts: readonly number[] | undefined,
  path: string,
): Tally {
  if (values.length === 0) throw missingParameter(`${path}.Value`)
  if (values.length > valuesMax) {
    throw invalidValue(
      `The collection ${path}.Values must not have a size greater than ${valuesMax}.`,
    )
  }
  if (counts !== undefined && counts.length !== values.length) {
    throw invalidValue(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`)
  }
  return tallyOf(
    values.map((value, index): [number, number] => {
      const count = counts?.[index] ?? 1
      const countPath = `${path}.Counts.member.${index + 1}`
      if (!(checkNumber(count, countPath) > 0)) {
        throw invalidValue(`The parameter ${countPath} must be greater than 0.`)
      }
      return [checkNumber(value, `${path}.Values.member.${index + 1}`), count]
    }),
  )
}

function tallyOfSet(set: NonNullable<MetricDatum['StatisticValues']>, path: string): Tally {
  const part = (name: 'SampleCount' | 'Sum' | 'Minimum' | 'Maximum'): number => {
    const value = set[name]
    if (value === undefined) throw missingParameter(`${path}.${name}`)
    return checkNumber(value, `${path}.${name}`)
  }
  const [count, sum] = [part('SampleCount'), part('Sum')]
  const [minimum, maximum] = [part('Minimum'), part('Maximum')]
  if (minimum > maximum) {
    throw invalidValue(
      `The parameter ${path}.Minimum must be less than or equal to ${path}.Maximum.`,
    )
  }
  if (count < 0) throw invalidValue(`The parameter ${path}.SampleCount must not be negative.`)
  // A set of one value, or of equal ones, tells everything.
  const samples = minimum === maximum && count > 0 ? [[minimum, count] as const] : undefined
  return { count, sum, minimum, maximum, samples }
}

function checkNumber(value: number, path: string): number {
  if (!Number.isFinite(value) || Math.abs(value) > magnitudeMax) {
    throw invalidValue(`The value ${value} for parameter ${path} is invalid.`)
  }
  return value
}
