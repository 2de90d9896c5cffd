import { unfit } from '../../logs/refusal.ts'

/** A time in milliseconds, as events have it. */
export function checkTime(member: string, at: number | undefined): void {
  if (at === undefined) return
  if (!Number.isFinite(at) || at < 0) {
    throw unfit(member, at, 'Member must have value greater than or equal to 0')
  }
}
