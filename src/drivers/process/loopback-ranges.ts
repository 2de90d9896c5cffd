import { randomInt } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DriverError } from '../../kernel/errors.ts'

/** 127.0 holds what every machine has (127.0.0.1, a resolver on 127.0.0.53); 127.255 the broadcast address. */
const [first, last] = [1, 254]

/**
 * Which of the ranges 127.1.0.0/16 … 127.254.0.0/16 stands for which network: `<data directory>/loopback/<network id>`. Taken once and kept
 * until the network goes, so that its machines find their addresses again. The edge reads what the host writes.
 */
export class LoopbackRanges {
  readonly #folder: string

  constructor(dataDirectory: string) {
    this.#folder = join(dataDirectory, 'loopback')
  }

  /** Undefined while the network has none. */
  find(networkId: string): number | undefined {
    try {
      return Number(readFileSync(join(this.#folder, networkId), 'utf8'))
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw thrown
    }
  }

  /** A range that neither another network of ours has, nor anybody else on this machine listens in. */
  take(networkId: string): number {
    const known = this.find(networkId)
    if (known !== undefined) return known
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const taken = new Set([
      ...readdirSync(this.#folder).map((id) => this.find(id)),
      ...rangesListening(readSockets()),
    ])
    const free: number[] = []
    for (let range = first; range <= last; range++) if (!taken.has(range)) free.push(range)
    if (free.length === 0) {
      const message = `network ${networkId}: all ${last} loopback ranges of the process driver are taken`
      throw new DriverError(message, { retryable: false })
    }
    // By chance, because another installation may choose in the same moment.
    const range = free[randomInt(free.length)]!
    const file = join(this.#folder, networkId)
    writeFileSync(`${file}.new`, String(range), { mode: 0o600 })
    renameSync(`${file}.new`, file)
    return range
  }

  release(networkId: string): void {
    rmSync(join(this.#folder, networkId), { force: true })
  }
}

/** Ranges in which a TCP socket listens, by the lines of `/proc/net/tcp`: addresses in hexadecimal, their first byte last. */
export function rangesListening(sockets: string): readonly number[] {
  const listening = /^ *\d+: [0-9A-F]{4}([0-9A-F]{2})7F:[0-9A-F]{4} 00000000:0000 0A /gm
  return [...sockets.matchAll(listening)].map(([, range = '']) => Number.parseInt(range, 16))
}

/** A machine that hides its sockets hides nobody else's either: it is a container of its own. */
function readSockets(): string {
  try {
    return readFileSync('/proc/net/tcp', 'utf8')
  } catch {
    return ''
  }
}
