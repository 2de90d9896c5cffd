import type { Tally } from '../point-store.ts'
import { percentileOf } from './tally.ts'

export const plainStatistics = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const
export type PlainStatistic = (typeof plainStatistics)[number]

/** A statistic as callers name it: `Average`, `p99.9`. */
export type Statistic =
  | { readonly kind: 'plain'; readonly name: PlainStatistic }
  | { readonly kind: 'percentile'; readonly name: string; readonly percent: number }

/** Reads a statistic's name; undefined when we have none of that name (`tm`, `wm`, `tc`, `ts`, `pr`, `iqm` are not built). */
export function parseStatistic(text: string): Statistic | undefined {
  const plain = plainStatistics.find((name) => name === text)
  if (plain !== undefined) return { kind: 'plain', name: plain }
  const match = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(text)
  const percent = Number(match?.[1] ?? Number.NaN)
  return percent >= 0 && percent <= 100 ? { kind: 'percentile', name: text, percent } : undefined
}

/** Undefined when the tally does not tell: a percentile of statistic sets. */
export function statisticOf(tally: Tally, statistic: Statistic): number | undefined {
  if (statistic.kind === 'percentile') return percentileOf(tally, statistic.percent)
  switch (statistic.name) {
    case 'SampleCount':
      return tally.count
    case 'Sum':
      return tally.sum
    case 'Minimum':
      return tally.minimum
    case 'Maximum':
      return tally.maximum
    case 'Average':
      return tally.count === 0 ? undefined : tally.sum / tally.count
  }
}
