import { periodStart } from '../../metrics/domain/periods.ts'
import { invalidCombination, invalidValue, missingParameter } from './errors.ts'

const day = 24 * 3_600_000

/** A period of 1, 5, 10, 30 or a multiple of 60 seconds. */
export function checkPeriod(period: number | undefined, path: string): number {
  if (period === undefined) throw missingParameter(path)
  const isValid = [1, 5, 10, 20, 30].includes(period) || (period > 0 && period % 60 === 0)
  if (!isValid || period > 86_400 * 365) {
    throw invalidValue(`The parameter ${path} must be 1, 5, 10, 20, 30 or a multiple of 60.`)
  }
  return period
}

/**
 * The time asked for. Its start is rounded down as CloudWatch rounds it: to the minute, or to the second for shorter periods; to five
 * minutes after 15 days, to the hour after 63.
 */
export function rangeOf(
  input: { readonly StartTime?: Date | undefined; readonly EndTime?: Date | undefined },
  at: { readonly periodSeconds: number; readonly now: number },
): { readonly from: number; readonly until: number } {
  const { StartTime, EndTime } = input
  if (StartTime === undefined) throw missingParameter('StartTime')
  if (EndTime === undefined) throw missingParameter('EndTime')
  const start = StartTime.getTime()
  const until = EndTime.getTime()
  if (!(start < until)) {
    throw invalidCombination('The parameter StartTime must be less than the parameter EndTime.')
  }
  const age = at.now - start
  const shortSeconds = at.periodSeconds < 60 ? 1 : 60
  const roundSeconds = age > 63 * day ? 3600 : age > 15 * day ? 300 : shortSeconds
  return { from: periodStart(start, roundSeconds), until }
}
