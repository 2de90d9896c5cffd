/** Time comes in through context, so that a test can turn it by hand. All times are milliseconds since the epoch. */
export interface Clock {
  now(): number
  /** Resolves after `milliseconds`, or at once when the signal is aborted. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignalLike): Promise<void>
}

/** The part of AbortSignal that pure code may see. Every AbortSignal is one. */
export interface AbortSignalLike {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** AWS's usual timestamp text, `2026-11-22T10:00:00.000Z`. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

/** The same in whole seconds, `2026-11-22T10:00:00Z`: what began within a second counts as its beginning. */
export function isoSeconds(milliseconds: number): string {
  return `${isoTime(milliseconds).slice(0, 19)}Z`
}
