import type { AbortSignalLike, Clock } from '../kernel/clock.ts'

/** Polls held at a time, each a connection: under the endpoint's limit of those. */
const usualMax = 10_000

/** Polls that wait for a change, bounded: above the bound those that are held longest are answered, so that newer ones are held. */
export class HeldPolls {
  readonly #clock: Clock
  readonly #heldMax: number
  /** How each is answered, oldest first. */
  readonly #held = new Map<AbortController, () => void>()

  constructor(clock: Clock, heldMax = usualMax) {
    this.#clock = clock
    this.#heldMax = heldMax
  }

  /** Until there is a change, or for so long, or until the signal ends. False: it was held for so long that it gives way to newer ones. */
  async hold(
    change: Promise<void>,
    milliseconds: number,
    signal: AbortSignalLike | undefined,
  ): Promise<boolean> {
    const ended = new AbortController()
    const abort = (): void => ended.abort()
    signal?.addEventListener('abort', abort, { once: true })
    try {
      const pushed = this.#enqueue(ended)
      await Promise.race([change, pushed, this.#clock.sleep(milliseconds, ended.signal)])
      return this.#held.delete(ended)
    } finally {
      abort()
      signal?.removeEventListener('abort', abort)
    }
  }

  /** Resolves when there are too many, and this is the oldest of them. */
  #enqueue(poll: AbortController): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#held.set(poll, resolve)
    const [oldest] = this.#held
    if (this.#held.size > this.#heldMax && oldest) {
      this.#held.delete(oldest[0])
      oldest[1]()
    }
    return promise
  }
}
