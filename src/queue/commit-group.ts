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
  readonly items: readonly Item[]
  readonly bytes: number
  readonly resolve: (results: readonly Result[]) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Work of many callers done in one commit. While one group is on its way the next one gathers, so that a lone caller waits for
 * nobody, and the more there are, the less each one costs.
 */
export class CommitGroup<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Result[]>
  readonly #bounds: GroupBounds
  #waiting: Entry<Item, Result>[] = []
  #waitingItems = 0
  #active = 0

  /** `run` answers in the order of its items. */
  constructor(run: (items: readonly Item[]) => Promise<readonly Result[]>, bounds: GroupBounds) {
    this.#run = run
    this.#bounds = bounds
  }

  /** Resolves when the group with this item is committed; rejects when that group failed. */
  async add(item: Item, bytes = 0): Promise<Result> {
    const [result] = await this.addAll([item], bytes)
    return result as Result
  }

  /** The same of several items, which go in one group. */
  addAll(items: readonly Item[], bytes = 0): Promise<readonly Result[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ items, bytes, resolve, reject })
      this.#waitingItems += items.length
      if (this.#mayGo(this.#active)) void this.#drain()
    })
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
    return others === 0 || (others < lanes && this.#waitingItems >= besideMin)
  }

  async #commit(entries: readonly Entry<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#run(itemsOf(entries))
      let at = 0
      for (const { items, resolve } of entries) {
        resolve(results.slice(at, at + items.length))
        at += items.length
      }
    } catch (thrown) {
      for (const { reject } of entries) reject(thrown)
    }
  }

  #take(): readonly Entry<Item, Result>[] {
    const { itemsMax, bytesMax } = this.#bounds
    let taken = 0
    let count = 0
    let bytes = 0
    for (const entry of this.#waiting) {
      count += entry.items.length
      bytes += entry.bytes
      if (taken > 0 && (count > itemsMax || bytes > bytesMax)) break
      this.#waitingItems -= entry.items.length
      taken++
    }
    const entries = this.#waiting.slice(0, taken)
    this.#waiting = this.#waiting.slice(taken)
    return entries
  }
}

function itemsOf<Item>(entries: readonly { readonly items: readonly Item[] }[]): Item[] {
  const all: Item[] = []
  for (const { items } of entries) for (const item of items) all.push(item)
  return all
}
