import { groupMetrics, type GroupMetric } from '../../scale/domain/group-metrics.ts'
import { validationError } from './errors.ts'

export const granularity = '1Minute'

/** The metrics that are named, or all of them when none is. */
export function checkMetrics(given: readonly string[] | undefined): readonly GroupMetric[] {
  const strange = given?.find((name) => !isMetric(name))
  if (strange !== undefined) {
    throw validationError(
      `Metric ${strange} is not supported here; ${groupMetrics.join(', ')} are.`,
    )
  }
  return given && given.length > 0 ? given.filter(isMetric) : groupMetrics
}

export function checkGranularity(given: string | undefined): void {
  if (given === granularity) return
  throw validationError(
    `Invalid metric granularity: ${given ?? ''}, only ${granularity} is allowed`,
  )
}

function isMetric(name: string): name is GroupMetric {
  return (groupMetrics as readonly string[]).includes(name)
}
