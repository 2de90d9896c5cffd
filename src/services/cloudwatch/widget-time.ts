import { invalidWidget } from './errors.ts'

const second = 1000
const unitMilliseconds: Readonly<Record<string, number>> = {
  Y: 365 * 86_400 * second,
  W: 7 * 86_400 * second,
  D: 86_400 * second,
  H: 3600 * second,
  M: 60 * second,
  S: second,
}
const monthMilliseconds = 30 * 86_400 * second

/** A moment: `2026-11-22T09:00:00.000Z`, or `-PT3H`, which is so long before now. */
export function widgetMoment(text: string, path: string, now: number): number {
  const duration = durationOf(text)
  const at = duration === undefined ? Date.parse(text) : now + duration
  if (Number.isFinite(at)) return at
  throw invalidWidget(path, 'should be an ISO 8601 time or duration')
}

/** An ISO 8601 duration in milliseconds. */
function durationOf(text: string): number | undefined {
  const [, sign, days = '', times] =
    /^([+-]?)P((?:\d+[YMWD])*)(?:T((?:\d+[HMS])+))?$/.exec(text) ?? []
  if (sign === undefined || (days === '' && times === undefined)) return undefined
  const sum = (part: string, months: number): number =>
    [...part.matchAll(/(\d+)([A-Z])/g)].reduce((total, [, count, unit = '']) => {
      const size = unit === 'M' ? months : (unitMilliseconds[unit] ?? 0)
      return total + Number(count) * size
    }, 0)
  const length = sum(days, monthMilliseconds) + sum(times ?? '', unitMilliseconds['M'] ?? 0)
  return sign === '-' ? -length : length
}

/** `+0130` in minutes. */
export function offsetMinutes(text: string, path: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?([0-5]\d)$/.exec(text) ?? []
  if (sign === undefined) throw invalidWidget(path, 'should be an offset like +0130')
  const offset = Number(hours) * 60 + Number(minutes)
  return sign === '-' ? -offset : offset
}
