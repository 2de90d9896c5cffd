/** Bounds of one statement: rows, and characters of their values. */
const itemsMax = 500
const charactersMax = 4_000_000

export interface LaneItem {
  readonly id: string
  /** The value's JSON, where one is written. */
  readonly text?: string
}

interface Call<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(reason: unknown): void
}

interface Taken<Item, Result> {
  readonly item: Item
  readonly calls: Call<Item, Result>[]
}

export interface LaneOptions<Item, Result> {
  /** One statement for all items; the results in their order. Items come sorted by id, so that two statements lock rows in one order. */
  run(items: readonly Item[]): Promise<readonly Result[]>
  /** Statements under way at a time. */
  readonly underWayMax: number
  /** Whether items of a statement that failed are tried one by one, so that a bad one does not fail its neighbours. */
  readonly triesEach: boolean
  /** Of reads: calls for one id share an answer. Thousands of agents ask for one deployment, and would wait in a row for it. */
  readonly sharesAnswers?: boolean
}

/**
 * Calls that come together travel together: one alone goes at once, and what comes while it is under way goes as one statement after
 * it. An id is in a statement once: others for it share the answer, or come after it.
 */
export class Lane<Item extends LaneItem, Result> {
  readonly #options: LaneOptions<Item, Result>
  #waiting: Call<Item, Result>[] = []
  #underWay = 0

  constructor(options: LaneOptions<Item, Result>) {
    this.#options = options
  }

  call(item: Item): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#waiting.push({ item, resolve, reject })
    if (this.#waiting.length === 1) queueMicrotask(() => this.#flush())
    return promise
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#underWay < this.#options.underWayMax) {
      this.#underWay++
      void this.#send(this.#take()).finally(() => {
        this.#underWay--
        this.#flush()
      })
    }
  }

  #take(): Taken<Item, Result>[] {
    const taken = new Map<string, Taken<Item, Result>>()
    const left: Call<Item, Result>[] = []
    let characters = 0
    for (const call of this.#waiting) {
      const isFull = taken.size >= itemsMax || characters > charactersMax
      const same = taken.get(call.item.id)
      if (same && this.#options.sharesAnswers) {
        same.calls.push(call)
        continue
      }
      if (isFull || same) {
        left.push(call)
        continue
      }
      characters += call.item.text?.length ?? 0
      taken.set(call.item.id, { item: call.item, calls: [call] })
    }
    this.#waiting = left
    return [...taken.values()].toSorted((a, b) => (a.item.id < b.item.id ? -1 : 1))
  }

  async #send(taken: readonly Taken<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.run(taken.map(({ item }) => item))
      for (const [index, { calls }] of taken.entries()) {
        for (const call of calls) call.resolve(results[index] as Result)
      }
    } catch (thrown) {
      if (taken.length > 1 && this.#options.triesEach) {
        for (const one of taken) await this.#send([one])
      } else {
        for (const { calls } of taken) for (const call of calls) call.reject(thrown)
      }
    }
  }
}
