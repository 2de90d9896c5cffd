import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilMoved } from './move-stack.ts'
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
