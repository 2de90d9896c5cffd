/** A recurrence, read: the minutes, hours, days, months and weekdays on which it holds. */
export interface Cron {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  readonly weekdays: ReadonlySet<number>
  /** With both days given either is enough, as every cron has it. */
  readonly matchesEitherDay: boolean
}

const monthNames = [
  'JAN',
  'FEB',
  'MAR',
  'APR',
  'MAY',
  'JUN',
  'JUL',
  'AUG',
  'SEP',
  'OCT',
  'NOV',
  'DEC',
]
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** Reads `[minute] [hour] [day of month] [month] [weekday]`; undefined when the text is no recurrence. */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().toUpperCase().split(/\s+/)
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  if (fields.length !== 5) return undefined
  const minutes = valuesOf(minute, { min: 0, max: 59 })
  const hours = valuesOf(hour, { min: 0, max: 23 })
  const days = valuesOf(day, { min: 1, max: 31 })
  const months = valuesOf(month, { min: 1, max: 12, names: monthNames })
  const sundays = valuesOf(weekday, { min: 0, max: 7, names: weekdayNames })
  if (!minutes || !hours || !days || !months || !sundays) return undefined
  const weekdays = new Set([...sundays].map((value) => value % 7))
  const matchesEitherDay = !day.startsWith('*') && !weekday.startsWith('*')
  return { minutes, hours, days, months, weekdays, matchesEitherDay }
}

interface FieldRange {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

function valuesOf(field: string, range: FieldRange): ReadonlySet<number> | undefined {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const match = /^(\*|[A-Z0-9]+)(?:-([A-Z0-9]+))?(?:\/(\d+))?$/.exec(part)
    if (!match) return undefined
    const [, first = '', last, stepText] = match
    const isAll = first === '*'
    const from = isAll ? range.min : valueOf(first, range)
    const to = toOf({ isAll, last, stepText, from }, range)
    const step = Number(stepText ?? 1)
    if (from === undefined || to === undefined || to < from || step < 1) return undefined
    if (isAll && last !== undefined) return undefined
    for (let value = from; value <= to; value += step) values.add(value)
  }
  return values
}

/** `5` is one value, `5/10` goes on to the end, `*` is all. */
function toOf(
  part: {
    isAll: boolean
    last: string | undefined
    stepText: string | undefined
    from: number | undefined
  },
  range: FieldRange,
): number | undefined {
  if (part.last !== undefined) return valueOf(part.last, range)
  return part.isAll || part.stepText !== undefined ? range.max : part.from
}

function valueOf(text: string, { min, max, names = [] }: FieldRange): number | undefined {
  const named = names.indexOf(text)
  if (named >= 0) return named + (names === monthNames ? 1 : 0)
  if (!/^\d{1,2}$/.test(text)) return undefined
  const value = Number(text)
  return value >= min && value <= max ? value : undefined
}

const minuteMilliseconds = 60_000
const hourMilliseconds = 60 * minuteMilliseconds
const dayMilliseconds = 24 * hourMilliseconds
/** The longest wait of a calendar: from one 29 February to the next over a year that has none. */
const searchDaysMax = 8 * 366 + 1

/**
 * The first moment after `after` at which the recurrence holds on the clocks of the zone; undefined when it never does (31 February).
 * A time that clocks skip in spring is met when they have gone on; one that comes twice in autumn is met once.
 */
export function nextCronRun(cron: Cron, after: number, timeZone = 'UTC'): number | undefined {
  const offsetAt = zoneOffset(timeZone)
  const ends = after + searchDaysMax * dayMilliseconds
  let local = floorTo(after + offsetAt(after), minuteMilliseconds) + minuteMilliseconds
  while (local <= ends) {
    const found = nextLocal(cron, local)
    if (found === undefined || found > ends) return undefined
    const guess = found - offsetAt(found - offsetAt(found))
    if (guess > after) return guess
    local = found + minuteMilliseconds
  }
  return undefined
}

/** The first minute from `local` on that matches, on clocks without summer time. */
function nextLocal(cron: Cron, local: number): number | undefined {
  const minutes = [...cron.minutes].sort((a, b) => a - b)
  const hours = [...cron.hours].sort((a, b) => a - b)
  const firstDay = floorTo(local, dayMilliseconds)
  for (let count = 0; count <= searchDaysMax; count++) {
    const day = firstDay + count * dayMilliseconds
    if (!matchesDay(cron, day)) continue
    for (const hour of hours) {
      for (const minute of minutes) {
        const moment = day + hour * hourMilliseconds + minute * minuteMilliseconds
        if (moment >= local) return moment
      }
    }
  }
  return undefined
}

function matchesDay(cron: Cron, day: number): boolean {
  const date = new Date(day)
  if (!cron.months.has(date.getUTCMonth() + 1)) return false
  const isDay = cron.days.has(date.getUTCDate())
  const isWeekday = cron.weekdays.has(date.getUTCDay())
  return cron.matchesEitherDay ? isDay || isWeekday : isDay && isWeekday
}

/** How far the zone's clocks are ahead of UTC at a moment. */
function zoneOffset(timeZone: string): (moment: number) => number {
  if (timeZone === 'UTC') return () => 0
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (moment) => {
    const parts = format.formatToParts(moment)
    const valueOfPart = (type: string) => Number(parts.find((part) => part.type === type)?.value)
    const shown = Date.UTC(
      valueOfPart('year'),
      valueOfPart('month') - 1,
      valueOfPart('day'),
      valueOfPart('hour'),
      valueOfPart('minute'),
      valueOfPart('second'),
    )
    return shown - floorTo(moment, 1000)
  }
}

/** Whether the name is of a time zone of the IANA list. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function floorTo(value: number, unit: number): number {
  return Math.floor(value / unit) * unit
}
