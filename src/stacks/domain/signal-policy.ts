import { problem } from './template-problem.ts'

/** How many signals a resource waits for, and how long. */
export interface SignalWish {
  readonly count: number
  /** Of `count`, that must be SUCCESS. */
  readonly percentMin: number
  readonly timeoutMilliseconds: number
}

const longestMilliseconds = 12 * 3_600_000
const usualTimeout = 'PT5M'

/** `PT1H30M` in milliseconds; undefined for what is no such duration. */
export function durationOf(text: string): number | undefined {
  const match = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(text)
  if (!match || text === 'PT') return undefined
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0))
  return (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000
}

/** A CreationPolicy whose functions are resolved. Throws a `TemplateProblem`. */
export function creationSignals(logicalId: string, policy: unknown): SignalWish | undefined {
  const members = membersOf(logicalId, policy, ['ResourceSignal', 'AutoScalingCreationPolicy'])
  const signal = membersOf(logicalId, members['ResourceSignal'] ?? {}, ['Count', 'Timeout'])
  const scaling = membersOf(logicalId, members['AutoScalingCreationPolicy'] ?? {}, [
    'MinSuccessfulInstancesPercent',
  ])
  if (members['ResourceSignal'] === undefined) return undefined
  const timeoutText = textOf(signal['Timeout'] ?? usualTimeout)
  const timeoutMilliseconds = durationOf(timeoutText)
  if (timeoutMilliseconds === undefined || timeoutMilliseconds > longestMilliseconds) {
    throw problem(
      `CreationPolicy of ${logicalId}: Timeout ${timeoutText} is not an ISO 8601 duration of at most PT12H`,
    )
  }
  return {
    count: wholeOf(logicalId, 'Count', signal['Count'] ?? 1, 1_000_000),
    percentMin: wholeOf(
      logicalId,
      'MinSuccessfulInstancesPercent',
      scaling['MinSuccessfulInstancesPercent'] ?? 100,
      100,
    ),
    timeoutMilliseconds,
  }
}

function membersOf(
  logicalId: string,
  value: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw problem(`CreationPolicy of ${logicalId} must be an object`)
  }
  const unknown = Object.keys(value).find((key) => !known.includes(key))
  if (unknown !== undefined) {
    throw problem(`CreationPolicy of ${logicalId}: ${unknown} is not supported here`)
  }
  return { ...value }
}

function wholeOf(logicalId: string, name: string, value: unknown, most: number): number {
  const number = Number(value)
  if (Number.isInteger(number) && number >= 0 && number <= most && value !== '') return number
  throw problem(`CreationPolicy of ${logicalId}: ${name} must be a whole number from 0 to ${most}`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
