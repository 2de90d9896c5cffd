import type { Scope } from '../kernel/scope.ts'

/** What is measured, of what. Two sets of dimensions are two series. */
export interface Series {
  readonly scope: Scope
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

/** Values and how often each occurred: ascending, each value once. */
export type Samples = readonly (readonly [value: number, count: number])[]

/** What some measurements amount to. */
export interface Tally {
  readonly count: number
  readonly sum: number
  readonly minimum: number
  readonly maximum: number
  /** Undefined when they came as a statistic set, so that no percentile is known. */
  readonly samples: Samples | undefined
}

/** A tally of one period, or a part of it. */
export interface Point extends Tally {
  /** The start of its period, in milliseconds. */
  readonly at: number
  /** The length of its period: 1, 60, 300 or 3600. */
  readonly resolutionSeconds: number
  readonly unit: string
}

export interface SeriesPoint extends Point {
  readonly series: Series
}

export interface StoredPoint extends SeriesPoint {
  readonly id: string
}

export interface SeriesFilter {
  readonly namespace?: string
  readonly name?: string
  /** Dimensions that must be there; with a value, or with any. */
  readonly dimensions?: readonly { readonly name: string; readonly value?: string }[]
  /** Only those that got a point since, to within five minutes. */
  readonly activeSince?: number
}

export interface PointQuery {
  readonly series: Series
  /** From here, and before `until`. */
  readonly from: number
  readonly until: number
  /** Periods start at `from` and each this much later. Points of coarser resolution are left out. */
  readonly periodSeconds: number
  readonly unit?: string | undefined
  /** Without it, the points' samples may be undefined and points of one period may come as one. */
  readonly withSamples: boolean
}

/**
 * Where points are kept. Fulfilled by `drivers/postgres` and, in memory, by `testing`; held to by `testing/conformance/point-store.ts`.
 * Adding is the only way of writing: parts of one period stand beside each other until they are replaced by their sum.
 */
export interface PointStore {
  /** All or none, and durable when it resolves. Throws `DriverError` when the store does not answer. */
  append(points: readonly SeriesPoint[]): Promise<void>
  /** Ascending in time, each point within one period; several may lie in the same one. */
  read(query: PointQuery): Promise<readonly Point[]>
  /** By namespace, name and dimensions. */
  series(scope: Scope, filter: SeriesFilter): Promise<readonly Series[]>
  /** Points of a resolution that are older than `before`, the oldest first. */
  aged(query: {
    resolutionSeconds: number
    before: number
    pointsMax: number
  }): Promise<readonly StoredPoint[]>
  /** Points from `from` to `before` that are not the only ones of their series, resolution, unit and period. */
  crowded(query: {
    from: number
    before: number
    pointsMax: number
  }): Promise<readonly StoredPoint[]>
  /** Puts points in the place of others, or removes them for good; false, without a change, when one of them is gone. */
  replace(ids: readonly string[], points: readonly SeriesPoint[]): Promise<boolean>
  /** Forgets series that got no point since, and have none. */
  forgetSeries(inactiveSince: number): Promise<void>
  /** Removes everything. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** One text for equal sets of dimensions. */
export function dimensionsText(dimensions: Readonly<Record<string, string>>): string {
  const names = Object.keys(dimensions)
  if (names.length > 1) names.sort()
  return JSON.stringify(names.map((name) => [name, dimensions[name]]))
}

/** One text for one series. */
export function seriesKey(series: Series): string {
  const { scope, namespace, name, dimensions } = series
  return `${scope.account}\0${scope.region}\0${namespace}\0${name}\0${dimensionsText(dimensions)}`
}
