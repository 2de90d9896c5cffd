import { nextCronRun, parseCron } from './cron.ts'

export interface Schedule {
  readonly startTime?: number | undefined
  readonly endTime?: number | undefined
  readonly recurrence?: string | undefined
  readonly timeZone?: string | undefined
}

/** The first moment after `after` at which a schedule is due; undefined when it is over. With a recurrence the start is only its beginning. */
export function nextRun(schedule: Schedule, after: number): number | undefined {
  const { startTime, endTime, recurrence, timeZone } = schedule
  if (recurrence === undefined) {
    return startTime !== undefined && startTime > after ? startTime : undefined
  }
  const cron = parseCron(recurrence)
  const from = startTime === undefined ? after : Math.max(after, startTime - 1)
  const next = cron && nextCronRun(cron, from, timeZone)
  return next !== undefined && (endTime === undefined || next <= endTime) ? next : undefined
}

export interface Bounds {
  readonly min: number
  readonly max: number
  readonly desired: number
}

/** A group's sizes after an action: those it names, the desired capacity taken along by a bound that passes it. Undefined when they contradict each other. */
export function rescheduled(
  group: Bounds,
  action: {
    readonly minSize?: number | undefined
    readonly maxSize?: number | undefined
    readonly desiredCapacity?: number | undefined
  },
): Bounds | undefined {
  const min = action.minSize ?? group.min
  const max = action.maxSize ?? group.max
  if (min > max) return undefined
  const desired = Math.max(min, Math.min(max, action.desiredCapacity ?? group.desired))
  return { min, max, desired }
}
