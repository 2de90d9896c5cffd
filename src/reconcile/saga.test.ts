import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryStore } from '../testing/memory-store.ts'
import { proveSaga, type SagaSubject } from '../testing/saga-harness.ts'
import { Saga, UndoFailed } from './saga.ts'

const place = { scope: { account: '000000000000', region: 'us-east-1' }, id: 's' }
const signal = new AbortController().signal

interface State {
  readonly made: readonly string[]
}

function subject(): SagaSubject<State> {
  const world = new Set<string>()
  const stepOf = (name: string) => ({
    name,
    async do(state: State) {
      world.add(name)
      return { made: [...state.made, name] }
    },
    async undo() {
      world.delete(name)
    },
  })
  return {
    name: 'test',
    steps: ['a', 'b', 'c'].map(stepOf),
    state: { made: [] },
    expectDone: () => assert.deepEqual([...world], ['a', 'b', 'c']),
    expectUndone: () => assert.deepEqual([...world], []),
  }
}

test('a saga survives failing, repeating and crashing at each step', async () => {
  await proveSaga(subject)
})

test('state goes from step to step and is kept', async () => {
  const saga = new Saga(memoryStore(), 'test', subject().steps)
  await saga.start(place, { made: [] })
  await saga.start(place, { made: ['never'] })
  const record = await saga.run(place, signal)
  assert.deepEqual(record?.state, { made: ['a', 'b', 'c'] })
  await saga.forget(place)
  assert.equal(await saga.find(place), undefined)
})

test('an undo that fails is tried again by the next run', async () => {
  let failures = 1
  const step = {
    name: 'a',
    async do(): Promise<State> {
      throw new Error('no room')
    },
    async undo() {
      if (failures-- > 0) throw new Error('not now')
    },
  }
  const saga = new Saga<State>(memoryStore(), 'test', [step])
  await saga.start(place, { made: [] })
  await assert.rejects(saga.run(place, signal), UndoFailed)
  const record = await saga.run(place, signal)
  assert.deepEqual([record?.phase, record?.reason], ['undone', 'a: no room'])
})
