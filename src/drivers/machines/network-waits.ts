import { DriverError } from '../../kernel/errors.ts'

/** A launch and its network are asked for at the same time; the network is there within some tens of milliseconds. */
const waitMillisecondsMax = 10_000

/** Who waits until a network is so far. */
export class NetworkWaits {
  readonly #looks = new Set<() => void>()
  readonly #millisecondsMax: number

  constructor(millisecondsMax = waitMillisecondsMax) {
    this.#millisecondsMax = millisecondsMax
  }

  /** Call it whenever more is there than before. */
  look(): void {
    for (const look of this.#looks) look()
  }

  /** What `find` gives, as soon as it does. Throws a retryable DriverError when that takes too long. */
  async until<T>(what: string, find: () => T | undefined): Promise<T> {
    const found = find()
    if (found !== undefined) return found
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer)
        this.#looks.delete(look)
      }
      const look = (): void => {
        const now = find()
        if (now === undefined) return
        leave()
        resolve(now)
      }
      const timer = setTimeout(() => {
        leave()
        reject(new DriverError(`${what} is not applied on this host`, { retryable: true }))
      }, this.#millisecondsMax)
      this.#looks.add(look)
    })
  }
}
