/** Values and where they are drawn. */
export interface Scale {
  readonly from: number
  readonly to: number
  readonly ticks: readonly number[]
}

/** Above the highest value, so that nothing is drawn along the edge. */
const headroom = 0.04

/** A scale that holds the values, with round numbers for its ticks; `min` and `max` are kept to where they are given. */
export function valueScale(
  values: { readonly least: number; readonly most: number },
  bounds: { readonly min?: number | undefined; readonly max?: number | undefined },
  ticksWished: number,
): Scale {
  const low = bounds.min ?? Math.min(0, values.least)
  const high = bounds.max ?? Math.max(values.most + (values.most - low) * headroom, low)
  const span = high > low ? high - low : Math.abs(low) || 1
  const step = roundStep(span / Math.max(1, ticksWished))
  const from = bounds.min ?? Math.floor(low / step) * step
  const reached = bounds.max ?? Math.ceil((low + span) / step) * step
  const to = reached > from ? reached : from + span
  const ticks: number[] = []
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + step * 1e-9; n++)
    ticks.push(n * step)
  return { from, to, ticks }
}

/** 1, 2, 2.5 or 5 times a power of ten, at least as large as `wished`. */
function roundStep(wished: number): number {
  const power = 10 ** Math.floor(Math.log10(wished))
  const found = [1, 2, 2.5, 5, 10].find((each) => each * power >= wished * (1 - 1e-9))
  return (found ?? 10) * power
}

const magnitudes = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

/** A value in few digits: `1.5k`, `0.25`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value)
  const [unit, suffix] = magnitudes.find(([each]) => size >= each * (1 - 1e-9)) ?? [1, '']
  const part = value / unit
  if (part !== 0 && Math.abs(part) < 0.001) return part.toExponential(1)
  return `${Number(part.toPrecision(4))}${suffix}`
}

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const timeSteps = [
  ...[1000, 5000, 10_000, 30_000, minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute],
  ...[hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day, 2 * day, 7 * day, 30 * day, 90 * day],
]

/** Round moments between two, at most so many, with their words in a zone that is `offsetMinutes` before UTC's clock. */
export function timeTicks(
  from: number,
  until: number,
  at: { readonly ticksMax: number; readonly offsetMinutes: number },
): readonly { readonly at: number; readonly text: string }[] {
  const span = until - from
  const step = timeSteps.find((each) => span / each <= at.ticksMax) ?? span
  const shift = at.offsetMinutes * minute
  const ticks: { at: number; text: string }[] = []
  for (let n = Math.ceil((from + shift) / step); n * step - shift <= until; n++) {
    ticks.push({ at: n * step - shift, text: timeText(n * step, step) })
  }
  return ticks
}

function timeText(local: number, step: number): string {
  const text = new Date(local).toISOString()
  if (step >= day || local % day === 0) return text.slice(5, 10).replace('-', '/')
  return step < minute ? text.slice(11, 19) : text.slice(11, 16)
}
