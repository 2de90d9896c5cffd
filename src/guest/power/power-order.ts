import { ToolFailure } from '../machine-context.ts'

/** What becomes of the machine: off (its instance stops or is terminated, as asked for), or on again with the same disk. */
export type PowerVerb = 'poweroff' | 'reboot'

export type PowerOrder =
  | { readonly kind: 'now'; readonly verb: PowerVerb }
  | { readonly kind: 'later'; readonly verb: PowerVerb; readonly seconds: number }
  | { readonly kind: 'cancel' }

const minutesMax = 7 * 24 * 60

/** `poweroff`, `halt`, `reboot` and `shutdown [-h|-P|-r|-c] [now|+MINUTES|HH:MM] [WORDS…]`, as systemd reads them. */
export function powerOrder(tool: string, words: readonly string[], now: Date): PowerOrder {
  if (tool === 'poweroff' || tool === 'halt') return { kind: 'now', verb: 'poweroff' }
  if (tool === 'reboot') return { kind: 'now', verb: 'reboot' }
  let verb: PowerVerb = 'poweroff'
  const rest: string[] = []
  for (const word of words) {
    if (word === '-c') return { kind: 'cancel' }
    if (word === '-r' || word === '--reboot') verb = 'reboot'
    else if (['-h', '-P', '-H', '-f', '--poweroff', '--halt', '--no-wall'].includes(word)) continue
    else if (word.startsWith('-')) throw new ToolFailure(`shutdown: ${word} is not supported here`)
    else rest.push(word)
  }
  const seconds = secondsUntil(rest[0] ?? '+1', now)
  return seconds === 0 ? { kind: 'now', verb } : { kind: 'later', verb, seconds }
}

function secondsUntil(time: string, now: Date): number {
  if (time === 'now') return 0
  const [, minutes] = /^\+?(\d{1,5})$/.exec(time) ?? []
  if (minutes !== undefined && Number(minutes) <= minutesMax) return Number(minutes) * 60
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(time) ?? []
  if (hour !== undefined && Number(hour) < 24 && Number(minute) < 60) {
    const then = new Date(now)
    then.setHours(Number(hour), Number(minute), 0, 0)
    if (then <= now) then.setDate(then.getDate() + 1)
    return Math.round((then.getTime() - now.getTime()) / 1000)
  }
  throw new ToolFailure(`Failed to parse time specification: ${time}`)
}
