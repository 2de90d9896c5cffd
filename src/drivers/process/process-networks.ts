import { DriverError } from '../../kernel/errors.ts'
import type { NetworkDriver } from '../../network/driver.ts'
import type { InterfaceSpec, NetworkSpec, NetworkStatus } from '../../protocol/network.ts'
import type { NetworkFiles } from '../machines/network-files.ts'

/** Networks as records: all share the loopback network, so their ranges may not overlap. Security rules are taken and hold nothing. */
export class ProcessNetworks implements NetworkDriver {
  readonly #files: NetworkFiles

  constructor(files: NetworkFiles) {
    this.#files = files
  }

  async apply(spec: NetworkSpec): Promise<void> {
    const known = this.#files.find(spec.id)
    if (known && known.generation > spec.generation) {
      throw refusal(
        `network ${spec.id}: generation ${spec.generation} is older than ${known.generation}, which is in force`,
      )
    }
    const other = this.#files
      .list()
      .find((each) => each.id !== spec.id && overlaps(each.cidr, spec.cidr))
    if (other) {
      throw refusal(
        `network ${spec.id}: its range ${spec.cidr} overlaps ${other.cidr} of ${other.id}; the process driver has no networks of their own (see evenkeel doctor)`,
      )
    }
    this.#files.save(spec)
  }

  async remove(networkId: string): Promise<void> {
    this.#files.remove(networkId)
  }

  async list(): Promise<readonly NetworkStatus[]> {
    return this.#files.list().map(({ id, generation }) => ({ id, generation }))
  }

  /** The interface that is a machine's `eth0`. Throws while its network is not applied with it. */
  interfaceOf(networkId: string, interfaceId: string): InterfaceSpec {
    const found = this.#files.find(networkId)?.interfaces.find((face) => face.id === interfaceId)
    if (found) return found
    throw new DriverError(`network ${networkId} has no interface ${interfaceId} on this host`, {
      retryable: true,
    })
  }
}

/** By what the loopback addresses keep of a range: all but its first eight bits. */
function overlaps(left: string, right: string): boolean {
  const [a, b] = [rangeOf(left), rangeOf(right)]
  const bits = Math.min(a.bits, b.bits)
  const mask = (0xff_ff_ff << (24 - Math.max(0, bits - 8))) & 0xff_ff_ff
  return (a.base & mask) === (b.base & mask)
}

function rangeOf(cidr: string): { base: number; bits: number } {
  const [address = '', bits = '32'] = cidr.split('/')
  const [, b = 0, c = 0, d = 0] = address.split('.').map(Number)
  return { base: b * 65_536 + c * 256 + d, bits: Number(bits) }
}

function refusal(message: string): DriverError {
  return new DriverError(message, { retryable: false })
}
