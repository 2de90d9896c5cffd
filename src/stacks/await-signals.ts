import type { Cancellation } from './cancellation.ts'
import { judgeSignals } from './domain/judge-signals.ts'
import { Interrupted, recordOf, withIncarnation, type WorkContext } from './resource-work.ts'
import type { SignalRecord } from './signals.ts'
import type { AwaitedSignals } from './stack-records.ts'

export type Awaited =
  | { readonly ok: true; readonly attributes: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly reason: string }

/** The records are the truth; to be woken by them only saves time. */
const lookMilliseconds = 5000

/**
 * Waits for the signals without which a resource is not made, if there are any. The time runs from when the rest of it was made, which
 * is recorded, so that a crash neither shortens nor lengthens it.
 */
export async function awaitSignals(
  work: WorkContext,
  logicalId: string,
  cancellation: Cancellation,
): Promise<Awaited> {
  const { awaits } = recordOf(work, logicalId).current
  if (!awaits) return { ok: true, attributes: {} }
  const end = (await waitingSince(work, logicalId)) + awaits.timeoutMilliseconds
  for (;;) {
    const woken = Promise.withResolvers<void>()
    const unwatch = work.signals.watch(woken.resolve)
    const over = new AbortController()
    try {
      if (work.stopping.aborted) throw new Interrupted('the server stops')
      if (cancellation.isRequested) return { ok: false, reason: cancellation.reason }
      const signals = await work.signals.list(awaits.owner)
      const remaining = end - work.clock.now()
      const verdict = judgeSignals(awaits, signals, remaining <= 0)
      if (verdict.outcome === 'failed') return { ok: false, reason: verdict.reason }
      if (verdict.outcome === 'satisfied') return { ok: true, attributes: dataOf(awaits, signals) }
      const ended = AbortSignal.any([over.signal, work.stopping, cancellation.signal])
      const pause = Math.min(remaining, lookMilliseconds)
      await Promise.race([woken.promise, work.clock.sleep(pause, ended)])
    } finally {
      unwatch()
      over.abort()
    }
  }
}

async function waitingSince(work: WorkContext, logicalId: string): Promise<number> {
  const record = recordOf(work, logicalId)
  const { number, waitingSince: known } = record.current
  if (known !== undefined) return known
  const now = work.clock.now()
  await work.journal.write({ resources: [withIncarnation(record, number, { waitingSince: now })] })
  return now
}

/** A wait condition's `Data`: JSON text of what each signal brought. */
function dataOf(
  { isHandle }: AwaitedSignals,
  signals: readonly SignalRecord[],
): Readonly<Record<string, unknown>> {
  if (!isHandle) return {}
  const data = Object.fromEntries(signals.map((signal) => [signal.uniqueId, signal.data ?? '']))
  return { Data: JSON.stringify(data) }
}
