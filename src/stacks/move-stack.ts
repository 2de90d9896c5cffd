import type { EngineContext } from '../reconcile/engine-context.ts'
import { StaleRevision, type Records, type StoredRecord } from '../store/records.ts'
import { insertEvents, type stackEvent } from './stack-journal.ts'
import type { StackRecord } from './stack-records.ts'
import { invalid } from './stack-refusal.ts'

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
    if (!(thrown instanceof StaleRevision)) throw thrown
    throw invalid(`Stack [${stack.value.stackId}] was changed at the same time; try again`)
  }
}
