/**
 * Doors into networks that have no machines now. They stay open a while: after its last machine a network may have another soon, and a door
 * that is opened anew takes the start of a Node, beside the launch.
 */
export class RestingDoors {
  readonly #milliseconds: number
  readonly #closing = new Map<string, NodeJS.Timeout>()

  constructor(milliseconds = 60_000) {
    this.#milliseconds = milliseconds
  }

  /** Closes a network's door after a while; who says so again changes nothing. */
  leave(networkId: string, close: () => void): void {
    if (this.#closing.has(networkId)) return
    const timer = setTimeout(() => {
      this.#closing.delete(networkId)
      close()
    }, this.#milliseconds)
    this.#closing.set(networkId, timer.unref())
  }

  /** The network has machines again. */
  keep(networkId: string): void {
    clearTimeout(this.#closing.get(networkId))
    this.#closing.delete(networkId)
  }
}
