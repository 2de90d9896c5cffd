import { ExpressionError } from './read-expression.ts'
import {
  across,
  combine,
  isList,
  isSeries,
  mapPoints,
  type TimeSeries,
  type Value,
} from './value.ts'

/** What functions may know besides their inputs. */
export interface MathContext {
  /** Every series that was asked for by itself, for METRICS(), by id. */
  readonly metrics: readonly { readonly id: string; readonly series: TimeSeries }[]
  readonly from: number
  readonly until: number
}

type MathFunction = (inputs: readonly Value[], context: MathContext, name: string) => Value

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const average = (values: readonly number[]): number => total(values) / values.length
const deviation = (values: readonly number[]): number => {
  const mean = average(values)
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)))
}

/** A number of one series; a series, datapoint by datapoint, of a list. */
function folding(fold: (values: readonly number[]) => number): MathFunction {
  return (inputs, _context, name) => {
    const value = inputs.length === 1 ? inputs[0] : undefined
    if (value === undefined) throw wrong(name, 'one series or list')
    if (isList(value)) return across(value, name, fold)
    if (!isSeries(value)) throw wrong(name, 'one series or list')
    return value.points.size === 0 ? Number.NaN : fold([...value.points.values()])
  }
}

/** The same for each datapoint. */
function each(change: (value: number) => number): MathFunction {
  return (inputs, _context, name) => {
    const value = inputs.length === 1 ? inputs[0] : undefined
    if (value === undefined || typeof value === 'string') throw wrong(name, 'a number or series')
    return combine(value, 0, (one) => change(one))
  }
}

/** Over each series as a whole. */
function whole(change: (series: TimeSeries) => TimeSeries): MathFunction {
  return (inputs, _context, name) => {
    const value = inputs.length === 1 ? inputs[0] : undefined
    if (value === undefined || typeof value !== 'object') throw wrong(name, 'a series or list')
    return isList(value) ? value.map(change) : change(value)
  }
}

/** The difference to the datapoint before; `perSecond` divides it by the time between. */
function stepwise(change: (rise: number, seconds: number) => number) {
  return whole((series) => {
    let last: { at: number; value: number } | undefined
    return mapPoints(series, (value, at) => {
      const before = last
      last = { at, value }
      return before === undefined
        ? Number.NaN
        : change(value - before.value, (at - before.at) / 1000)
    })
  })
}

const runningSum = whole((series) => {
  let sum = 0
  return mapPoints(series, (value) => (sum += value))
})

const calendar = (read: (date: Date) => number): MathFunction =>
  whole((series) => mapPoints(series, (_value, at) => read(new Date(at))))

/** By name, in capitals. */
export const functions: Readonly<Record<string, MathFunction>> = {
  ABS: each(Math.abs),
  CEIL: each(Math.ceil),
  FLOOR: each(Math.floor),
  LOG: each(Math.log),
  LOG10: each(Math.log10),
  AVG: folding(average),
  SUM: folding(total),
  MIN: folding((values) => values.reduce((least, value) => Math.min(least, value))),
  MAX: folding((values) => values.reduce((most, value) => Math.max(most, value))),
  STDDEV: folding(deviation),
  DATAPOINT_COUNT: folding((values) => values.length),
  METRIC_COUNT: ([list], _context, name) => {
    if (list === undefined || !isList(list)) throw wrong(name, 'a list of series')
    return list.length
  },
  METRICS: ([part = ''], { metrics }, name) => {
    if (typeof part !== 'string') throw wrong(name, 'text')
    return metrics.filter(({ id }) => id.includes(part)).map(({ series }) => series)
  },
  RATE: stepwise((rise, seconds) => rise / seconds),
  DIFF: stepwise((rise) => rise),
  DIFF_TIME: stepwise((_rise, seconds) => seconds),
  RUNNING_SUM: runningSum,
  PERIOD: ([series], _context, name) => {
    if (series === undefined || !isSeries(series)) throw wrong(name, 'a series')
    return series.periodSeconds
  },
  FIRST: ends(0),
  LAST: ends(-1),
  REMOVE_EMPTY: ([list], _context, name) => {
    if (list === undefined || !isList(list)) throw wrong(name, 'a list of series')
    return list.filter((series) => series.points.size > 0)
  },
  FILL: ([series, filling], context, name) => {
    if (series === undefined || typeof series !== 'object') throw wrong(name, 'a series or list')
    const one = (each: TimeSeries) => filled(each, filling, context)
    return isList(series) ? series.map(one) : one(series)
  },
  IF: ([condition, yes, no], _context, name) => {
    if (condition === undefined || yes === undefined) throw wrong(name, 'two or three inputs')
    return chosen(condition, yes, no, name)
  },
  MINUTE: calendar((date) => date.getUTCMinutes()),
  HOUR: calendar((date) => date.getUTCHours()),
  DAY: calendar((date) => date.getUTCDay() || 7),
  DATE: calendar((date) => date.getUTCDate()),
  MONTH: calendar((date) => date.getUTCMonth() + 1),
  YEAR: calendar((date) => date.getUTCFullYear()),
  EPOCH: calendar((date) => date.getTime() / 1000),
}

function wrong(name: string, wanted: string): ExpressionError {
  return new ExpressionError(`Function ${name} takes ${wanted}`)
}

function ends(index: 0 | -1): MathFunction {
  return ([series], _context, name) => {
    if (series === undefined || typeof series !== 'object') throw wrong(name, 'a series or list')
    if (isList(series)) {
      const found = series.at(index)
      if (found === undefined) throw new ExpressionError(`Function ${name} has an empty list`)
      return found
    }
    return [...series.points.values()].at(index) ?? Number.NaN
  }
}

/** A datapoint for each period of the time that was asked for. */
function filled(series: TimeSeries, filling: Value | undefined, context: MathContext): TimeSeries {
  const { from, until } = context
  const length = series.periodSeconds * 1000
  const times = Array.from(
    { length: Math.max(0, Math.ceil((until - from) / length)) },
    (_, index) => from + index * length,
  )
  const known = [...series.points.keys()]
  const points = new Map<number, number>()
  for (const at of times) {
    const value = series.points.get(at) ?? fillingAt(series, known, filling, at)
    if (Number.isFinite(value)) points.set(at, value)
  }
  return { ...series, points }
}

function fillingAt(
  series: TimeSeries,
  known: readonly number[],
  filling: Value | undefined,
  at: number,
): number {
  if (typeof filling === 'number') return filling
  if (filling !== undefined && typeof filling === 'object' && isSeries(filling)) {
    return filling.points.get(at) ?? Number.NaN
  }
  const before = known.findLast((time) => time < at)
  const left = before === undefined ? undefined : series.points.get(before)
  if (filling === 'REPEAT') return left ?? Number.NaN
  if (filling !== 'LINEAR') throw wrong('FILL', 'a number, a series, REPEAT or LINEAR')
  const after = known.find((time) => time > at)
  const right = after === undefined ? undefined : series.points.get(after)
  if (before === undefined || after === undefined) return left ?? right ?? Number.NaN
  return (left ?? 0) + (((right ?? 0) - (left ?? 0)) * (at - before)) / (after - before)
}

function chosen(condition: Value, yes: Value, no: Value | undefined, name: string): Value {
  if (typeof condition === 'number') {
    const taken = condition === 0 ? no : yes
    if (taken === undefined) return Number.NaN
    return taken
  }
  if (!isSeries(condition)) throw wrong(name, 'a number or a series as its condition')
  const read = (value: Value | undefined, at: number): number => {
    if (value === undefined) return Number.NaN
    if (typeof value === 'number') return value
    if (isSeries(value)) return value.points.get(at) ?? Number.NaN
    throw wrong(name, 'numbers or series')
  }
  return mapPoints(condition, (value, at) => read(value === 0 ? no : yes, at))
}
