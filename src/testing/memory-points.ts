import {
  dimensionsText,
  seriesKey,
  type PointStore,
  type Series,
  type SeriesFilter,
  type SeriesPoint,
  type StoredPoint,
} from '../metrics/point-store.ts'
import type { Clock } from '../kernel/clock.ts'
import { isSameScope, type Scope } from '../kernel/scope.ts'

/** The point store in memory, for tests. */
export function memoryPoints(clock: Clock): PointStore {
  let points: StoredPoint[] = []
  let made = 0
  const known = new Map<string, { series: Series; activeAt: number }>()

  function add(added: readonly SeriesPoint[]): void {
    points.push(...added.map((point) => ({ ...point, id: `${++made}` })))
  }
  const keyOf = (point: StoredPoint): string =>
    [seriesKey(point.series), point.resolutionSeconds, point.unit, point.at].join('\0')

  return {
    async append(added) {
      add(added)
      for (const { series } of added) {
        known.set(seriesKey(series), { series, activeAt: clock.now() })
      }
    },
    async read({ series, from, until, periodSeconds, unit }) {
      const key = seriesKey(series)
      return points
        .filter((point) => seriesKey(point.series) === key && point.at >= from && point.at < until)
        .filter((point) => point.resolutionSeconds <= periodSeconds)
        .filter((point) => unit === undefined || point.unit === unit)
        .toSorted((a, b) => a.at - b.at)
    },
    series: async (scope, filter) => chosen([...known.values()], scope, filter),
    async aged({ resolutionSeconds, before, pointsMax }) {
      return points
        .filter((point) => point.resolutionSeconds === resolutionSeconds && point.at < before)
        .toSorted((a, b) => a.at - b.at)
        .slice(0, pointsMax)
    },
    async crowded({ from, before, pointsMax }) {
      const recent = points.filter((point) => point.at >= from && point.at < before)
      return [...Map.groupBy(recent, keyOf).values()]
        .filter((group) => group.length > 1)
        .flat()
        .slice(0, pointsMax)
    },
    async replace(ids, added) {
      const gone = new Set(ids)
      const rest = points.filter((point) => !gone.has(point.id))
      if (points.length - rest.length !== gone.size) return false
      points = rest
      add(added)
      return true
    },
    async forgetSeries(inactiveSince) {
      const used = new Set(points.map((point) => seriesKey(point.series)))
      for (const [key, { activeAt }] of known) {
        if (activeAt < inactiveSince && !used.has(key)) known.delete(key)
      }
    },
    async clear() {
      points = []
      known.clear()
    },
    async close() {},
  }
}

function chosen(
  known: readonly { readonly series: Series; readonly activeAt: number }[],
  scope: Scope,
  filter: SeriesFilter,
): readonly Series[] {
  const { namespace, name, dimensions = [], activeSince } = filter
  return known
    .filter(({ activeAt }) => activeSince === undefined || activeAt >= activeSince)
    .map(({ series }) => series)
    .filter((one) => isSameScope(one.scope, scope))
    .filter((one) => namespace === undefined || one.namespace === namespace)
    .filter((one) => name === undefined || one.name === name)
    .filter((one) =>
      dimensions.every(({ name: wanted, value }) =>
        value === undefined
          ? Object.hasOwn(one.dimensions, wanted)
          : one.dimensions[wanted] === value,
      ),
    )
    .toSorted((a, b) => (sortText(a) < sortText(b) ? -1 : 1))
}

function sortText(series: Series): string {
  return [series.namespace, series.name, dimensionsText(series.dimensions)].join('\0')
}
