import { kindOf } from '../store/records.ts'

export interface MetricFilter {
  readonly name: string
  readonly groupName: string
  readonly groupId: string
  readonly pattern: string
  readonly transformations: readonly MetricTransformation[]
  readonly createdAt: number
  /** Of the stack resource that made it. */
  readonly token?: string
}

export interface MetricTransformation {
  readonly metricName: string
  readonly metricNamespace: string
  /** A number, or what of the event is one: `$.latency`, `$bytes`. */
  readonly metricValue: string
  /** Written for a minute with events of which none matched. */
  readonly defaultValue?: number
  /** Name → what of the event is its value. */
  readonly dimensions?: Readonly<Record<string, string>>
  readonly unit?: string
}

/** Id: `<group's id>/<name>`; owner: the group's id. */
export const metricFilters = kindOf<MetricFilter>('logs/metric-filter')

/** A minute of a filter with default values, until it is known whether an event of it matched. */
export interface FilterMinute {
  readonly filterKey: string
  /** Its start. */
  readonly at: number
  readonly isMatched: boolean
  /** When nothing more is expected of it. */
  readonly dueAt: number
}

/** Id: `<filter's id>/<start>`. */
export const filterMinutes = kindOf<FilterMinute>('logs/filter-minute')
