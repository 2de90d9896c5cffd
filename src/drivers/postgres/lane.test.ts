import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lane } from './lane.ts'

/** Notes its statements; each is answered when the test says so. */
function laneOfTest(sharesAnswers: boolean): {
  lane: Lane<{ readonly id: string }, string>
  statements: string[][]
  answer(): Promise<void>
} {
  const statements: string[][] = []
  const open: (() => void)[] = []
  const lane = new Lane<{ readonly id: string }, string>({
    underWayMax: 1,
    triesEach: true,
    sharesAnswers,
    run: async (items) => {
      const ids = items.map(({ id }) => id)
      statements.push(ids)
      await new Promise<void>((resolve) => open.push(resolve))
      return ids.map((id) => `${id} of statement ${statements.length}`)
    },
  })
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    lane,
    statements,
    async answer() {
      await turn()
      open.shift()?.()
      await turn()
    },
  }
}

test('reads of one id that wait together share one statement and its answer', async () => {
  const { lane, statements, answer } = laneOfTest(true)
  const first = lane.call({ id: 'a' })
  await new Promise((resolve) => setImmediate(resolve))
  const later = Array.from({ length: 1000 }, (_, n) => lane.call({ id: n % 2 === 0 ? 'a' : 'b' }))
  await answer()
  await answer()
  assert.deepEqual(statements, [['a'], ['a', 'b']])
  assert.equal(await first, 'a of statement 1')
  const answers = new Set(await Promise.all(later))
  assert.deepEqual([...answers].toSorted(), ['a of statement 2', 'b of statement 2'])
})

test('writes of one id go one after the other', async () => {
  const { lane, statements, answer } = laneOfTest(false)
  const calls = [lane.call({ id: 'a' }), lane.call({ id: 'a' }), lane.call({ id: 'b' })]
  await answer()
  await answer()
  await Promise.all(calls)
  assert.deepEqual(statements, [['a', 'b'], ['a']])
})
