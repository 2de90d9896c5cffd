import type { ChartSeries } from './chart.ts'

type Points = ChartSeries['points']

/** A series as it is drawn: its upper edge, and in a stack the lower one, point by point. */
export interface Layer {
  readonly series: ChartSeries
  readonly tops: Points
  readonly bottoms: Points | undefined
}

/** Series one on the other, those of each side by themselves. Where one has no value and others have, it adds nothing. */
export function stacked(all: readonly ChartSeries[]): readonly Layer[] {
  return (['left', 'right'] as const).flatMap((side) => {
    const own = all.filter((series) => series.side === side)
    const moments = [...new Set(own.flatMap(({ points }) => points.map(([at]) => at)))]
    moments.sort((one, other) => one - other)
    let below: Points = moments.map((at) => [at, 0])
    return own.map((series): Layer => {
      const values = new Map(series.points)
      const tops = below.map(([at, base]) => [at, base + (values.get(at) ?? 0)] as const)
      const layer = { series, tops, bottoms: below }
      below = tops
      return layer
    })
  })
}
