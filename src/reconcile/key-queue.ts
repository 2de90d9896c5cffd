import type { AbortSignalLike, Clock } from '../kernel/clock.ts'

/**
 * Keys that wait for an activation. A key is in it once, however often it is woken; it is never given out while its activation runs: a wake in
 * that time brings it back afterwards.
 */
export class KeyQueue {
  readonly #clock: Clock
  readonly #onReady: () => void
  readonly #ready = new Set<string>()
  readonly #running = new Set<string>()
  readonly #wokenWhileRunning = new Set<string>()
  readonly #waiting = new Map<string, AbortController>()

  constructor(clock: Clock, onReady: () => void) {
    this.#clock = clock
    this.#onReady = onReady
  }

  get runningCount(): number {
    return this.#running.size
  }

  isBusy(): boolean {
    return this.#ready.size > 0 || this.#running.size > 0
  }

  /** Makes the key ready now, also when it waited for a time. */
  wake(key: string): void {
    this.#stopWaiting(key)
    if (this.#running.has(key)) this.#wokenWhileRunning.add(key)
    else this.#ready.add(key)
    this.#onReady()
  }

  /** The next key, which is running from now on; undefined when none is ready. */
  take(): string | undefined {
    for (const key of this.#ready) {
      this.#ready.delete(key)
      this.#running.add(key)
      return key
    }
    return undefined
  }

  /**
   * Ends the key's activation. `againAfterMilliseconds` brings it back after that time. A wake that came meanwhile brings it back at
   * once, unless the activation failed: then it is part of the next attempt, or a failing reconciler that writes a
   * record would wake itself without rest.
   */
  finish(key: string, outcome: { failed: boolean; againAfterMilliseconds?: number }): void {
    this.#running.delete(key)
    const wasWoken = this.#wokenWhileRunning.delete(key)
    if (wasWoken && !outcome.failed) this.wake(key)
    else if (outcome.againAfterMilliseconds !== undefined) {
      void this.#wait(key, outcome.againAfterMilliseconds)
    }
  }

  /** Forgets every key that is not running. */
  clear(): void {
    this.#ready.clear()
    this.#wokenWhileRunning.clear()
    for (const key of this.#waiting.keys()) this.#stopWaiting(key)
  }

  async #wait(key: string, milliseconds: number): Promise<void> {
    const controller = new AbortController()
    const signal: AbortSignalLike = controller.signal
    this.#waiting.set(key, controller)
    await this.#clock.sleep(Math.min(milliseconds, waitMaxMilliseconds), signal)
    if (!signal.aborted) this.wake(key)
  }

  #stopWaiting(key: string): void {
    this.#waiting.get(key)?.abort()
    this.#waiting.delete(key)
  }
}

/** The longest time that the machine's timers can hold; a key that comes back early finds nothing to do yet. */
const waitMaxMilliseconds = 2 ** 31 - 1
