import { ExpressionError } from './read-expression.ts'

/** Values by the start of their period, ascending. */
export interface TimeSeries {
  readonly label: string
  readonly periodSeconds: number
  readonly points: ReadonlyMap<number, number>
}

/** What an expression may come to. */
export type Value = number | string | TimeSeries | readonly TimeSeries[]

export function isList(value: Value): value is readonly TimeSeries[] {
  return Array.isArray(value)
}

export function isSeries(value: Value): value is TimeSeries {
  return typeof value === 'object' && !isList(value)
}

/** Each value changed; what has no finite result is no datapoint. */
export function mapPoints(
  series: TimeSeries,
  change: (value: number, at: number) => number,
): TimeSeries {
  const points = new Map<number, number>()
  for (const [at, value] of series.points) {
    const changed = change(value, at)
    if (Number.isFinite(changed)) points.set(at, changed)
  }
  return { ...series, points }
}

/** Works on numbers, series and lists of series alike: of two series, where both have a datapoint. */
export function combine(
  left: Value,
  right: Value,
  work: (left: number, right: number) => number,
): Value {
  if (typeof left === 'string' || typeof right === 'string') {
    throw new ExpressionError('Text cannot be computed with')
  }
  if (isList(left) && isList(right)) throw new ExpressionError('Two lists cannot be combined')
  if (isList(left)) return left.map((one) => combineOne(one, right as number | TimeSeries, work))
  if (isList(right)) return right.map((one) => combineOne(left, one, work))
  if (typeof left === 'number' && typeof right === 'number') return work(left, right)
  return combineOne(left, right, work)
}

function combineOne(
  left: number | TimeSeries,
  right: number | TimeSeries,
  work: (left: number, right: number) => number,
): TimeSeries {
  if (typeof left === 'number') {
    return mapPoints(right as TimeSeries, (value) => work(left, value))
  }
  if (typeof right === 'number') return mapPoints(left, (value) => work(value, right))
  return mapPoints(left, (value, at) => work(value, right.points.get(at) ?? Number.NaN))
}

/** Folds series into one, datapoint by datapoint, over those that have one. */
export function across(
  list: readonly TimeSeries[],
  label: string,
  fold: (values: readonly number[]) => number,
): TimeSeries {
  const values = new Map<number, number[]>()
  for (const { points } of list) {
    for (const [at, value] of points) {
      const held = values.get(at)
      if (held) held.push(value)
      else values.set(at, [value])
    }
  }
  const folded = [...values]
    .sort(([a], [b]) => a - b)
    .map(([at, each]): [number, number] => [at, fold(each)])
  const periodSeconds = Math.max(0, ...list.map((one) => one.periodSeconds))
  return { label, periodSeconds, points: new Map(folded) }
}
