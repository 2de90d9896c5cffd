/** After this, a claim looks from the beginning again: what another server or a slow commit put before the front waits no longer. */
const trustedMilliseconds = 1_000
/** Of one process; beyond it all are found anew. */
const frontsMax = 1_000

/**
 * Since when the first message of each queue has been visible. In the index, the places of messages that are gone stay until the vacuum
 * comes, which for a queue of ten million is after two hundred thousand of them: a claim that begins at the front does not
 * step over them one by one. A front is a hint, and messages before it are only found later.
 */
export class ClaimFronts {
  readonly #fronts = new Map<number, { readonly front: number; readonly lookedAt: number }>()

  /** Where a claim may begin; 0 is the very beginning. */
  of(queue: number, now: number): number {
    const known = this.#fronts.get(queue)
    return known && Math.abs(now - known.lookedAt) < trustedMilliseconds ? known.front : 0
  }

  /** A claim that began at `from` found its first message at `front`; undefined: it did not find as many as it wanted. */
  note(queue: number, found: { from: number; front: number | undefined; now: number }): void {
    const { from, front, now } = found
    const lookedAt = from === 0 ? now : this.#fronts.get(queue)?.lookedAt
    if (front === undefined || lookedAt === undefined) {
      this.#fronts.delete(queue)
      return
    }
    if (this.#fronts.size >= frontsMax) this.#fronts.clear()
    this.#fronts.set(queue, { front, lookedAt })
  }
}
