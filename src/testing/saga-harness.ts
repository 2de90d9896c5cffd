import assert from 'node:assert/strict'
import { Saga, type SagaPlace, type SagaStep } from '../reconcile/saga.ts'
import type { Store } from '../store/records.ts'
import { memoryStore } from './memory-store.ts'

export interface SagaSubject<State> {
  readonly name: string
  readonly steps: readonly SagaStep<State>[]
  readonly state: State
  /** Asserts that everything is there. */
  expectDone(): void | Promise<void>
  /** Asserts that the world is as before the saga. */
  expectUndone(): void | Promise<void>
}

const place: SagaPlace = {
  scope: { account: '000000000000', region: 'us-east-1' },
  id: 'saga',
}

class Crash extends Error {}

/**
 * Holds a saga to its promises, with a fresh subject each time: it runs through; each step may fail, before or after its work, and all is undone;
 * each step may be repeated, or crash before or after its work, and it still ends whole.
 */
export async function proveSaga<State>(subjectOf: () => SagaSubject<State>): Promise<void> {
  const straight = subjectOf()
  assert.equal(await runToEnd(memoryStore(), straight, straight.steps), 'done')
  await straight.expectDone()

  for (const at of straight.steps.keys()) {
    for (const when of ['before', 'after'] as const) {
      const failing = subjectOf()
      const fails = failingAt(failing.steps, at, { when, error: () => new Error('injected') })
      assert.equal(await runToEnd(memoryStore(), failing, fails), 'undone')
      await failing.expectUndone()

      const crashing = subjectOf()
      const store = memoryStore()
      await crashOnce(store, crashing, at, when)
      assert.equal(await runToEnd(store, crashing, crashing.steps), 'done')
      await crashing.expectDone()
    }

    const repeated = subjectOf()
    assert.equal(await runToEnd(memoryStore(), repeated, repeatedAt(repeated.steps, at)), 'done')
    await repeated.expectDone()

    const undoneTwice = subjectOf()
    const last = undoneTwice.steps.length - 1
    const failsLast = failingAt(undoneTwice.steps, last, {
      when: 'after',
      error: () => new Error('injected'),
    })
    assert.equal(await runToEnd(memoryStore(), undoneTwice, repeatedAt(failsLast, at)), 'undone')
    await undoneTwice.expectUndone()
  }
}

async function runToEnd<State>(
  store: Store,
  subject: SagaSubject<State>,
  steps: readonly SagaStep<State>[],
): Promise<string | undefined> {
  const saga = new Saga(store, subject.name, steps)
  await saga.start(place, subject.state)
  const record = await saga.run(place, new AbortController().signal)
  return record?.phase
}

/** Leaves the record as a killed process would: the step's effect may be there, its entry is not. */
async function crashOnce<State>(
  store: Store,
  subject: SagaSubject<State>,
  at: number,
  when: 'before' | 'after',
): Promise<void> {
  const killed = new AbortController()
  const error = (): Error => {
    killed.abort()
    return new Crash()
  }
  const saga = new Saga(store, subject.name, failingAt(subject.steps, at, { when, error }))
  await saga.start(place, subject.state)
  await saga.run(place, killed.signal)
}

function failingAt<State>(
  steps: readonly SagaStep<State>[],
  at: number,
  fault: { readonly when: 'before' | 'after'; error(): Error },
): readonly SagaStep<State>[] {
  return steps.map((step, index) => {
    if (index !== at) return step
    return {
      name: step.name,
      undo: (state, signal) => step.undo(state, signal),
      async do(state, signal) {
        if (fault.when === 'after') await step.do(state, signal)
        throw fault.error()
      },
    }
  })
}

function repeatedAt<State>(
  steps: readonly SagaStep<State>[],
  at: number,
): readonly SagaStep<State>[] {
  return steps.map((step, index) => {
    if (index !== at) return step
    return {
      name: step.name,
      async do(state, signal) {
        await step.do(state, signal)
        return step.do(state, signal)
      },
      async undo(state, signal) {
        await step.undo(state, signal)
        await step.undo(state, signal)
      },
    }
  })
}
