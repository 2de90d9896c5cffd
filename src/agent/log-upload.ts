import { setTimeout as sleep } from 'node:timers/promises'

/** How long text gathers before it is sent on: seen "while it runs", without a call a line. */
const gatherMilliseconds = 150

/** Sends a growing log to the server in order, one part at a time. A part that fails goes again with the next. */
export class LogUpload {
  readonly #send: (offset: number, text: string) => Promise<void>
  #text = ''
  #sent = 0
  #sending: Promise<void> | undefined
  readonly #ended = new AbortController()

  constructor(send: (offset: number, text: string) => Promise<void>) {
    this.#send = send
  }

  /** The command runs anew and tells its whole log again. */
  restart(): void {
    this.#text = ''
  }

  add(text: string): void {
    this.#text += text
    this.#sending ??= this.#soon()
  }

  /** Tries once more to send what is left; a log is worth no failure. */
  async finish(): Promise<void> {
    this.#ended.abort()
    await this.#sending
    await this.#flush()
  }

  async #soon(): Promise<void> {
    await sleep(gatherMilliseconds, undefined, { signal: this.#ended.signal }).catch(() => {})
    await this.#flush()
    this.#sending = undefined
  }

  async #flush(): Promise<void> {
    const text = this.#text
    if (text.length <= this.#sent) return
    try {
      await this.#send(this.#sent, text.slice(this.#sent))
      this.#sent = text.length
    } catch {
      // Sent again with the next part.
    }
  }
}
