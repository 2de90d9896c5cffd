/**
 * Tells one resource operation to stop. A creation that a dead server had begun is not stopped before it has said what it made:
 * stopping it earlier could leave something behind that nobody knows.
 */
export class Cancellation {
  readonly #abort = new AbortController()
  #isArmed: boolean
  #isRequested = false

  /** The status reason of what was stopped. */
  readonly reason: string

  constructor(isArmed: boolean, reason = 'Resource creation cancelled') {
    this.#isArmed = isArmed
    this.reason = reason
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get isRequested(): boolean {
    return this.#isRequested
  }

  request(): void {
    this.#isRequested = true
    if (this.#isArmed) this.#abort.abort()
  }

  /** The physical id is known and recorded. */
  arm(): void {
    this.#isArmed = true
    if (this.#isRequested) this.#abort.abort()
  }
}
