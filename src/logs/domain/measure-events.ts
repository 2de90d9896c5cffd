import type { MetricTransformation } from '../metric-filter.ts'
import type { BatchEvent } from './accept-batch.ts'
import { referenceOf, type FilterPattern } from './pattern/filter-pattern.ts'
import type { LogText } from './pattern/log-text.ts'
import { numberOf } from './pattern/comparison.ts'

/** A filter, read once. */
export interface CompiledFilter {
  readonly pattern: FilterPattern
  readonly transformations: readonly MetricTransformation[]
}

export interface Measured {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly unit: string
  readonly value: number
  /** The event's time. */
  readonly at: number
}

/** AWS's bound of a dimension's value. */
const dimensionLengthMax = 1024

/** What a filter makes of one event: nothing when it does not match. An event without the number or a dimension that is asked of it gives no value. */
export function measureEvent(
  { pattern, transformations }: CompiledFilter,
  event: BatchEvent,
  text: LogText,
): readonly Measured[] {
  if (!pattern.matches(text)) return []
  return transformations.flatMap((transformation): readonly Measured[] => {
    const { metricName: name, metricNamespace: namespace, metricValue, unit } = transformation
    const read = (reference: string): string | undefined => referenceOf(pattern, reference)?.(text)
    const value = numberOf(metricValue) ?? numberOf(read(metricValue) ?? '')
    if (value === undefined) return []
    const dimensions: Record<string, string> = {}
    for (const [key, reference] of Object.entries(transformation.dimensions ?? {})) {
      const found = read(reference)
      if (!found) return []
      dimensions[key] = found.slice(0, dimensionLengthMax)
    }
    return [{ namespace, name, dimensions, unit: unit ?? 'None', value, at: event.at }]
  })
}
