import { Malformed } from './malformed.ts'
import type { TimestampFormat } from './shape.ts'

const numeric = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

/** A timestamp as any of the three formats gives it; clients do not all keep to the model's. */
export function readTimestamp(value: unknown): Date {
  let date: Date | undefined
  if (typeof value === 'number') date = fromSeconds(value)
  else if (typeof value === 'string') {
    const text = value.trim()
    date = numeric.test(text) ? fromSeconds(Number(text)) : new Date(text)
  }
  if (!date || Number.isNaN(date.getTime())) throw new Malformed('a timestamp could not be read')
  return date
}

/** `value` is a Date; a number is taken as milliseconds since the epoch. */
export function writeTimestamp(value: unknown, format: TimestampFormat): string {
  const date = dateOf(value)
  if (format === 'epoch') return String(date.getTime() / 1000)
  return format === 'http-date' ? date.toUTCString() : date.toISOString()
}

export function dateOf(value: unknown): Date {
  const date = value instanceof Date ? value : new Date(value as number | string)
  if (Number.isNaN(date.getTime())) throw new TypeError('a reply holds an invalid timestamp')
  return date
}

/** Rounded: seconds with three decimals are not exact in binary, and Date would cut a millisecond off. */
function fromSeconds(seconds: number): Date {
  return new Date(Math.round(seconds * 1000))
}
