/** Bounds one statement's memory; a group is full at either. */
export interface GroupBounds {
  readonly itemsMax: number
  readonly bytesMax: number
  /** Groups on their way at the same time. One keeps the order of the items. */
  readonly lanes: number
  /** A group does not go beside another one unless it has so many items: it waits, and they make one statement. */
  readonly besideMin: number
}

interface Entry<Item, Result> {
  readonly item: Item
  readonly bytes: number
  readonly answer: PromiseWithResolvers<Result>
}

/**
 * Work of many callers done in one commit. While one group is on its way the next one gathers, so that a lone caller waits for
 * nobody, and the more there are, the less each one costs.
 */
export class CommitGroup<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>
  readonly #bounds: GroupBounds
  #waiting: Entry<Item, Result>[] = []
  #active = 0

  /** `run` answers in the order of its items. */
  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>, bounds: GroupBounds) {
    this.#run = run
    this.#bounds = bounds
  }

  /** Resolves when the group with this item is committed; rejects when that group failed. */
  add(item: Item, bytes = 0): Promise<Result> {
    const answer = Promise.withResolvers<Result>()
    this.#waiting.push({ item, bytes, answer })
    if (this.#mayGo(this.#active)) void this.#drain()
    return answer.promise
  }

  async #drain(): Promise<void> {
    this.#active++
    // Callers of this very turn belong to the first group.
    await Promise.resolve()
    while (this.#waiting.length > 0 && this.#mayGo(this.#active - 1)) {
      await this.#commit(this.#take())
    }
    this.#active--
  }

  #mayGo(others: number): boolean {
    const { lanes, besideMin } = this.#bounds
    return others === 0 || (others < lanes && this.#waiting.length >= besideMin)
  }

  async #commit(entries: readonly Entry<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#run(entries.map(({ item }) => item))
      for (const [n, entry] of entries.entries()) entry.answer.resolve(results[n] as Result)
    } catch (thrown) {
      for (const entry of entries) entry.answer.reject(thrown)
    }
  }

  #take(): Entry<Item, Result>[] {
    const { itemsMax, bytesMax } = this.#bounds
    let count = 0
    let bytes = 0
    while (count < this.#waiting.length && count < itemsMax) {
      bytes += this.#waiting[count]!.bytes
      if (count > 0 && bytes > bytesMax) break
      count++
    }
    const taken = this.#waiting.slice(0, count)
    this.#waiting = this.#waiting.slice(count)
    return taken
  }
}
