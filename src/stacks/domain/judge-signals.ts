import type { SignalWish } from './signal-policy.ts'

/** What something inside a machine said of itself. */
export interface Signal {
  readonly uniqueId: string
  readonly status: 'SUCCESS' | 'FAILURE'
  readonly reason?: string
}

export type Verdict =
  | { readonly outcome: 'waiting' }
  | { readonly outcome: 'satisfied' }
  | { readonly outcome: 'failed'; readonly reason: string }

/**
 * Whether a resource has the signals that it waits for. `isHandle`: those of a wait condition's handle, of which one FAILURE is enough.
 * AWS's words.
 */
export function judgeSignals(
  wish: Pick<SignalWish, 'count' | 'percentMin'> & { readonly isHandle: boolean },
  signals: readonly Signal[],
  isOver: boolean,
): Verdict {
  const { count, percentMin, isHandle } = wish
  const failures = signals.filter(({ status }) => status === 'FAILURE')
  const [failure] = failures
  const successCount = signals.length - failures.length
  const required = isHandle ? count : Math.ceil((count * percentMin) / 100)
  if (isHandle && failure) {
    const { reason = '', uniqueId } = failure
    return failed(`WaitCondition received failed message: '${reason}' for uniqueId: ${uniqueId}`)
  }
  if (failures.length > count - required) {
    return failed(
      `Received ${failures.length} FAILURE signal(s) out of ${count}. Unable to satisfy ${percentMin}% MinSuccessfulInstancesPercent requirement`,
    )
  }
  const isEnough = successCount >= required
  if (isEnough && (isOver || signals.length >= count)) return { outcome: 'satisfied' }
  if (!isOver) return { outcome: 'waiting' }
  return failed(
    isHandle
      ? `WaitCondition timed out. Received ${signals.length} conditions when expecting ${count}`
      : `Failed to receive ${count - signals.length} resource signal(s) within the specified duration`,
  )
}

function failed(reason: string): Verdict {
  return { outcome: 'failed', reason }
}
