import type { Store } from '../store/records.ts'

/** One life of a server: it ends after a number of steps, before or after the effect of the last one. */
export class Life {
  #stepsLeft: number

  constructor(steps: number) {
    this.#stepsLeft = steps
  }

  get isOver(): boolean {
    return this.#stepsLeft < 0
  }

  /** The server is killed between two steps. */
  end(): void {
    this.#stepsLeft = -1
  }

  /** It is killed at the step after so many. */
  endAfter(steps: number): void {
    this.#stepsLeft = Math.min(this.#stepsLeft, steps)
  }

  /** A moment at which the server may die. Once dead, every step of it fails. */
  step(): void {
    this.#stepsLeft--
    if (this.isOver) throw new Crash('the server was killed')
  }
}

export class Crash extends Error {
  override readonly name = 'Crash'
}

/** The store as one life sees it: each write may be the last, with or without its effect. */
export function crashingStore(store: Store, life: Life): Store {
  async function around<R>(write: () => Promise<R>): Promise<R> {
    life.step()
    const result = await write()
    life.step()
    return result
  }
  return {
    ...store,
    insert: (kind, at, value) => around(() => store.insert(kind, at, value)),
    update: (record, value) => around(() => store.update(record, value)),
    remove: (record) => around(() => store.remove(record)),
    transaction: (work) => around(() => store.transaction(work)),
  }
}
