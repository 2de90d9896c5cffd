interface Group<Item> {
  readonly items: Item[]
  /** By each measure. */
  readonly sizes: number[]
  readonly done: PromiseWithResolvers<void>
}

export interface GroupCommitOptions<Item> {
  /** How large an item is by each measure that bounds a statement. */
  sizesOf(item: Item): readonly number[]
  /** What goes together is no larger than this; an item that is larger by itself goes alone. */
  readonly sizesMax: readonly number[]
  /** One statement. */
  write(items: readonly Item[]): Promise<void>
}

/**
 * Writes what came while the last statement ran with the next one: one commit for many callers, in the order of their coming. The answer
 * resolves when its item is on disk.
 */
export function groupCommit<Item>({
  sizesOf,
  sizesMax,
  write,
}: GroupCommitOptions<Item>): (item: Item) => Promise<void> {
  const waiting: Group<Item>[] = []
  let isWriting = false

  async function writeAll(): Promise<void> {
    isWriting = true
    // What callers of this same moment bring goes along.
    await Promise.resolve()
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      try {
        await write(group.items)
        group.done.resolve()
      } catch (thrown) {
        group.done.reject(thrown)
      }
    }
    isWriting = false
  }

  return (item) => {
    const sizes = sizesOf(item)
    const fits = (group: Group<Item>): boolean =>
      sizesMax.every((max, n) => group.sizes[n]! + sizes[n]! <= max)
    let group = waiting.at(-1)
    if (group === undefined || !fits(group)) {
      group = { items: [], sizes: sizesMax.map(() => 0), done: Promise.withResolvers<void>() }
      waiting.push(group)
    }
    group.items.push(item)
    for (const [n, size] of sizes.entries()) group.sizes[n]! += size
    if (!isWriting) void writeAll()
    return group.done.promise
  }
}
