import type { EngineContext } from '../reconcile/engine-context.ts'
import { RecordExists, StaleRevision, type Records, type StoredRecord } from '../store/records.ts'
import { insertEvents, type stackEvent } from './stack-journal.ts'
import type { StackRecord } from './stack-records.ts'
import { StackChanged } from './stack-refusal.ts'

/** One commit: the stack's record as `change` makes it, and events. */
export async function moveStack(
  engine: Pick<EngineContext, 'store' | 'clock'>,
  stack: StoredRecord<StackRecord>,
  events: readonly ReturnType<typeof stackEvent>[],
  change: (records: Records) => Promise<StackRecord>,
): Promise<StackRecord> {
  try {
    return await engine.store.transaction(async (records) => {
      const first = stack.value.eventCount
      const value = { ...(await change(records)), eventCount: first + events.length }
      const updated = await records.update(stack, value)
      await insertEvents(records, updated, events, { first, at: engine.clock.now() })
      return value
    })
  } catch (thrown) {
    // Who comes second may find the generation's template already written before it finds the stack's record changed.
    if (!(thrown instanceof StaleRevision || thrown instanceof RecordExists)) throw thrown
    const { stackId } = stack.value
    const words = `Stack [${stackId}] was changed at the same time; try again`
    throw new StackChanged('ValidationError', words)
  }
}

/** A stack that is worked on changes many times a second; more lost races than this in a row are no coincidence. */
const attemptsMax = 200

/** What may be asked of a stack while it is worked on: again from the start when the work came between. */
export async function untilMoved<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (thrown) {
      if (!(thrown instanceof StackChanged) || attempt >= attemptsMax) throw thrown
    }
  }
}
