import { createInterface } from 'node:readline'
import type { MachineStatus } from '../../protocol/machine.ts'
import { openHost, type HostAddress } from './host-request.ts'

/** A host process is back within a second; asking this often costs nothing. */
const reconnectMilliseconds = 50

/**
 * Machines' changes, over as many connections as it takes. The host sends all that is at each beginning; what is
 * known already is told to no one.
 */
export class HostWatch {
  readonly #host: HostAddress
  readonly #known = new Map<string, string>()
  readonly #listeners = new Set<(status: MachineStatus) => void>()
  #disconnect: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(host: HostAddress) {
    this.#host = host
  }

  add(listener: (status: MachineStatus) => void): () => void {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#connect()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#end()
    }
  }

  #connect(): void {
    const open = openHost(this.#host, 'GET', '/watch', (outgoing) => outgoing.end())
    open.then(
      (response) => {
        this.#disconnect = () => response.destroy()
        if (this.#listeners.size === 0) return this.#end()
        response.once('error', () => undefined)
        response.once('close', () => this.#again())
        const lines = createInterface({ input: response })
        lines.on('line', (line) => this.#take(line)).on('error', () => undefined)
      },
      () => this.#again(),
    )
  }

  #take(line: string): void {
    if (line === '') return
    const status = JSON.parse(line) as MachineStatus
    if (this.#known.get(status.id) === line) return
    if (status.phase === 'terminated') this.#known.delete(status.id)
    else this.#known.set(status.id, line)
    for (const listener of this.#listeners) listener(status)
  }

  #again(): void {
    this.#disconnect = undefined
    if (this.#listeners.size === 0) return
    this.#timer = setTimeout(() => this.#connect(), reconnectMilliseconds)
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#known.clear()
    this.#disconnect?.()
  }
}
