import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '../testing/manual-clock.ts'
import { memoryStore } from '../testing/memory-store.ts'
import { RecordExists, type StoredRecord } from '../store/records.ts'
import { moveStack, untilMoved } from './move-stack.ts'
import type { StackRecord } from './stack-records.ts'
import { invalid, StackChanged } from './stack-refusal.ts'

test('what is asked of a busy stack is asked again, and a refusal is final', async () => {
  let asked = 0
  const busy = async (): Promise<string> => {
    asked++
    if (asked < 5) throw new StackChanged('ValidationError', 'changed')
    return 'moved'
  }
  assert.equal(await untilMoved(busy), 'moved')
  assert.equal(asked, 5)
  const refused = async (): Promise<never> => {
    throw invalid('no')
  }
  await assert.rejects(untilMoved(refused), /^StackRefusal: no$/)
  const never = async (): Promise<never> => {
    throw new StackChanged('ValidationError', 'changed')
  }
  await assert.rejects(untilMoved(never), /changed/)
})

test('who finds the template of the same generation written already came second', async () => {
  const clock = manualClock()
  const stack = { value: { stackId: 's', eventCount: 0 } } as unknown as StoredRecord<StackRecord>
  const taken = async (): Promise<never> => {
    throw new RecordExists('template 2 exists')
  }
  const moved = moveStack({ store: memoryStore(clock), clock }, stack, [], taken)
  await assert.rejects(moved, StackChanged)
})
