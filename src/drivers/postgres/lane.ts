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

export interface LaneOptions<Item, Result> {
  /** One statement for all items; the results in their order. Items come sorted by id, so that two statements lock rows in one order. */
  run(items: readonly Item[]): Promise<readonly Result[]>
  /** Statements under way at a time. */
  readonly underWayMax: number
  /** Whether items of a statement that failed are tried one by one, so that a bad one does not fail its neighbours. */
  readonly triesEach: boolean
}

/**
 * Calls that come together travel together: one alone goes at once, and what comes while it is under way goes as one statement after
 * it. An id is in a statement once.
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

  #take(): Call<Item, Result>[] {
    const taken = new Map<string, Call<Item, Result>>()
    const left: Call<Item, Result>[] = []
    let characters = 0
    for (const call of this.#waiting) {
      const isFull = taken.size >= itemsMax || characters > charactersMax
      if (isFull || taken.has(call.item.id)) {
        left.push(call)
        continue
      }
      characters += call.item.text?.length ?? 0
      taken.set(call.item.id, call)
    }
    this.#waiting = left
    return [...taken.values()].toSorted((a, b) => (a.item.id < b.item.id ? -1 : 1))
  }

  async #send(calls: readonly Call<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#options.run(calls.map((call) => call.item))
      for (const [index, call] of calls.entries()) call.resolve(results[index] as Result)
    } catch (thrown) {
      if (calls.length > 1 && this.#options.triesEach) {
        for (const call of calls) await this.#send([call])
      } else {
        for (const call of calls) call.reject(thrown)
      }
    }
  }
}
