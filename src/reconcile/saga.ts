import { reasonOf } from '../kernel/errors.ts'
import type { Scope } from '../kernel/scope.ts'
import { kindOf, modify, type Store } from '../store/records.ts'

/**
 * A step of something that must be undone when a later step fails. Both are idempotent: after a crash the one that ran is run again.
 * `do` gives the state that later steps and the undoing see.
 */
export interface SagaStep<State> {
  /** Unique within the saga, and never changed: it is what a crashed saga is resumed by. */
  readonly name: string
  do(state: State, signal: AbortSignal): Promise<State>
  undo(state: State, signal: AbortSignal): Promise<void>
}

/** Kept between any two steps. */
export interface SagaRecord<State> {
  readonly saga: string
  readonly phase: 'doing' | 'undoing' | 'done' | 'undone'
  /** Names of the steps that are done and not undone, in order. */
  readonly done: readonly string[]
  readonly state: State
  /** Why it is being undone. */
  readonly reason?: string
}

export interface SagaPlace {
  readonly scope: Scope
  readonly id: string
}

const sagas = kindOf<SagaRecord<unknown>>('reconcile/sagas')

/** Thrown while undoing: the saga stays where it is, and is resumed by whoever runs it again. */
export class UndoFailed extends Error {
  override readonly name = 'UndoFailed'
}

/** Ordered steps, persisted in between. A reconciler runs it by its key until it is at an end; it never retries by itself. */
export class Saga<State> {
  readonly #name: string
  readonly #steps: readonly SagaStep<State>[]
  readonly #store: Store

  constructor(store: Store, name: string, steps: readonly SagaStep<State>[]) {
    this.#store = store
    this.#name = name
    this.#steps = steps
  }

  /** Starting it twice is starting it once. */
  async start(place: SagaPlace, state: State): Promise<void> {
    await this.#store.transaction(async (records) => {
      if (await records.find(sagas, place.scope, place.id)) return
      await records.insert(sagas, place, { saga: this.#name, phase: 'doing', done: [], state })
    })
  }

  async find(place: SagaPlace): Promise<SagaRecord<State> | undefined> {
    const record = await this.#store.find(sagas, place.scope, place.id)
    return record?.value as SagaRecord<State> | undefined
  }

  /** Forgets one that is at its end. */
  async forget(place: SagaPlace): Promise<void> {
    const record = await this.#store.find(sagas, place.scope, place.id)
    if (record && (record.value.phase === 'done' || record.value.phase === 'undone')) {
      await this.#store.remove(record)
    }
  }

  /**
   * Carries on from where it stands to an end: `done`, or `undone` when a step failed. Stops in between when the signal is aborted,
   * and throws `UndoFailed` when an undo failed; run it again then.
   */
  async run(place: SagaPlace, signal: AbortSignal): Promise<SagaRecord<State> | undefined> {
    for (;;) {
      const record = await this.find(place)
      if (!record || record.phase === 'done' || record.phase === 'undone') return record
      if (signal.aborted) return record
      const next =
        record.phase === 'doing'
          ? await this.#doNext(record, signal)
          : await this.#undoLast(record, signal)
      // Aborted in the middle of a step: whether it took hold is unknown, so it is run again.
      if (signal.aborted) return record
      await modify(this.#store, { kind: sagas, ...place }, () => next)
    }
  }

  async #doNext(record: SagaRecord<State>, signal: AbortSignal): Promise<SagaRecord<State>> {
    const step = this.#steps.find(({ name }) => !record.done.includes(name))
    if (!step) return { ...record, phase: 'done' }
    try {
      const state = await step.do(record.state, signal)
      return { ...record, state, done: [...record.done, step.name] }
    } catch (thrown) {
      // The failed step may have done a part of its work, so it is undone as well.
      const done = [...record.done, step.name]
      return { ...record, done, phase: 'undoing', reason: `${step.name}: ${reasonOf(thrown)}` }
    }
  }

  async #undoLast(record: SagaRecord<State>, signal: AbortSignal): Promise<SagaRecord<State>> {
    const last = record.done.at(-1)
    if (last === undefined) return { ...record, phase: 'undone' }
    const step = this.#steps.find(({ name }) => name === last)
    if (!step) throw new UndoFailed(`${this.#name} has no step ${last} any more`)
    try {
      await step.undo(record.state, signal)
    } catch (thrown) {
      throw new UndoFailed(`${this.#name}: undoing ${last}: ${reasonOf(thrown)}`, {
        cause: thrown,
      })
    }
    return { ...record, done: record.done.slice(0, -1) }
  }
}
