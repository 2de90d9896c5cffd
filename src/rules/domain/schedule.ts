/** When a rule is to be run by itself. Times are UTC. */
export type Schedule =
  | { readonly kind: 'rate'; readonly milliseconds: number }
  | { readonly kind: 'cron'; readonly fields: CronFields }

interface CronFields {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: DayRule
  readonly months: ReadonlySet<number>
  readonly years: ReadonlySet<number>
}

/** Whether a day of a month is one: `day` from 1, `weekday` from 1 (Sunday), `last` the month's last day. */
type DayRule = (date: {
  day: number
  weekday: number
  last: number
  firstWeekday: number
}) => boolean

const minute = 60_000
const day = 24 * 60 * minute
const units: Readonly<Record<string, number>> = { minute, hour: 60 * minute, day }

/** `rate(5 minutes)`, `cron(0 10 ? * MON-FRI *)`; undefined when it is neither. */
export function parseSchedule(text: string): Schedule | undefined {
  const [, count = '', unit = '', plural = ''] =
    /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(text) ?? []
  if (count !== '') {
    const number = Number(count)
    if (number < 1 || (number === 1) !== (plural === '')) return undefined
    return { kind: 'rate', milliseconds: number * (units[unit] ?? 0) }
  }
  const fields = /^cron\((.+)\)$/.exec(text)?.[1]?.trim().split(/\s+/)
  return fields?.length === 6 ? parseCron(fields) : undefined
}

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ')
const weekdayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ')
const firstYear = 1970
const lastYear = 2199

function parseCron(texts: readonly string[]): Schedule | undefined {
  const [
    minuteText = '',
    hourText = '',
    dayText = '',
    monthText = '',
    weekdayText = '',
    yearText = '',
  ] = texts
  const minutes = numbersOf(minuteText, 0, 59)
  const hours = numbersOf(hourText, 0, 23)
  const months = numbersOf(monthText, 1, 12, monthNames)
  const years = numbersOf(yearText, firstYear, lastYear)
  // One of the two says which days: the other one is `?`.
  const isByWeekday = dayText === '?'
  if (isByWeekday === (weekdayText === '?')) return undefined
  const days = isByWeekday ? weekdayRule(weekdayText) : dayRule(dayText)
  if (!minutes || !hours || !months || !years || !days) return undefined
  return { kind: 'cron', fields: { minutes, hours, days, months, years } }
}

function dayRule(text: string): DayRule | undefined {
  if (text === 'L') return ({ day: at, last }) => at === last
  const near = /^(\d{1,2})W$/.exec(text)?.[1]
  if (near !== undefined) return nearestWorkday(Number(near))
  const days = numbersOf(text, 1, 31)
  return days && (({ day: at }) => days.has(at))
}

function weekdayRule(text: string): DayRule | undefined {
  const [, last = ''] = /^([1-7]|[A-Z]{3})L$/i.exec(text) ?? []
  const [, which = '', count = ''] = /^([1-7]|[A-Z]{3})#([1-5])$/i.exec(text) ?? []
  if (text === 'L') return ({ weekday }) => weekday === 7
  if (last !== '' || which !== '') {
    const [wanted] = numbersOf(last || which, 1, 7, weekdayNames) ?? []
    if (wanted === undefined) return undefined
    return last === ''
      ? ({ day: at, weekday }) => weekday === wanted && Math.ceil(at / 7) === Number(count)
      : ({ day: at, weekday, last: end }) => weekday === wanted && at + 7 > end
  }
  const weekdays = numbersOf(text, 1, 7, weekdayNames)
  return weekdays && (({ weekday }) => weekdays.has(weekday))
}

/** The workday nearest to a day, in the same month. */
function nearestWorkday(wanted: number): DayRule | undefined {
  if (wanted < 1 || wanted > 31) return undefined
  return ({ day: at, last, firstWeekday }) => {
    if (wanted > last) return false
    const weekday = ((firstWeekday - 1 + wanted - 1) % 7) + 1
    if (weekday === 7) return at === (wanted === 1 ? 3 : wanted - 1)
    if (weekday === 1) return at === (wanted === last ? wanted - 2 : wanted + 1)
    return at === wanted
  }
}

/** `*`, `5`, `1-5`, `1/10`, and lists of those, with names where there are some. */
function numbersOf(
  text: string,
  low: number,
  high: number,
  names: readonly string[] = [],
): ReadonlySet<number> | undefined {
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const [, first = '', second, step] =
      /^(\*|\d+|[A-Z]{3})(?:-(\d+|[A-Z]{3}))?(?:\/(\d+))?$/i.exec(part) ?? []
    const numberOf = (word: string): number => {
      const name = names.indexOf(word.toUpperCase())
      return name < 0 ? Number(word) : name + 1
    }
    const from = first === '*' ? low : numberOf(first)
    const single = step === undefined && first !== '*' ? from : high
    const until = second === undefined ? single : numberOf(second)
    const by = Number(step ?? 1)
    const isWell = first !== '' && from >= low && until <= high && from <= until && by >= 1
    if (!isWell) return undefined
    for (let at = from; at <= until; at += by) numbers.add(at)
  }
  return numbers
}

/** The next moment after `from`; undefined when there is none any more. `since`: when the rule began, for rates. */
export function nextMoment(schedule: Schedule, from: number, since: number): number | undefined {
  if (schedule.kind === 'rate') {
    const { milliseconds } = schedule
    return since + (Math.floor((from - since) / milliseconds) + 1) * milliseconds
  }
  const { minutes, hours, days, months, years } = schedule.fields
  const latest = Math.max(...years)
  const today = Math.floor(from / day) * day
  for (let at = today; new Date(at).getUTCFullYear() <= latest; at += day) {
    const date = new Date(at)
    if (at - today > searchedDays * day) return undefined
    if (!years.has(date.getUTCFullYear()) || !months.has(date.getUTCMonth() + 1)) continue
    if (!days(dayOf(date))) continue
    const moment = firstOn(at, from, { minutes, hours })
    if (moment !== undefined) return moment
  }
  return undefined
}

/** A 29th of February that is a given weekday comes within 40 years. */
const searchedDays = 40 * 366

function firstOn(
  midnight: number,
  from: number,
  { minutes, hours }: Pick<CronFields, 'minutes' | 'hours'>,
): number | undefined {
  for (const hour of [...hours].toSorted((a, b) => a - b)) {
    for (const at of [...minutes].toSorted((a, b) => a - b)) {
      const moment = midnight + (hour * 60 + at) * minute
      if (moment > from) return moment
    }
  }
  return undefined
}

function dayOf(date: Date): Parameters<DayRule>[0] {
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()]
  return {
    day: date.getUTCDate(),
    weekday: date.getUTCDay() + 1,
    last: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
    firstWeekday: new Date(Date.UTC(year, month, 1)).getUTCDay() + 1,
  }
}
