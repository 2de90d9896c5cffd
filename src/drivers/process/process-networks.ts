import { DriverError } from '../../kernel/errors.ts'
import type { NetworkDriver } from '../../network/driver.ts'
import type { InterfaceSpec, NetworkSpec, NetworkStatus } from '../../protocol/network.ts'
import type { NetworkFiles } from '../machines/network-files.ts'
import { NetworkWaits } from '../machines/network-waits.ts'
import { loopbackAddress } from './loopback-address.ts'
import type { LoopbackRanges } from './loopback-ranges.ts'

/** A range of loopback addresses is a /16, and so is the largest VPC of EC2. */
const prefixBitsMin = 16

/**
 * Networks as records, each with a range of loopback addresses of its own. Security rules, routes and public addresses are taken, and hold
 * nothing: whoever is on this machine reaches every address.
 */
export class ProcessNetworks implements NetworkDriver {
  readonly #files: NetworkFiles
  readonly #ranges: LoopbackRanges
  readonly #waits = new NetworkWaits()

  constructor(files: NetworkFiles, ranges: LoopbackRanges) {
    this.#files = files
    this.#ranges = ranges
  }

  async apply(spec: NetworkSpec): Promise<void> {
    const known = this.#files.find(spec.id)
    if (known && known.generation > spec.generation) {
      throw refusal(
        `network ${spec.id}: generation ${spec.generation} is older than ${known.generation}, which is in force`,
      )
    }
    if (Number(spec.cidr.split('/')[1]) < prefixBitsMin) {
      throw refusal(
        `network ${spec.id}: the process driver has room for a /${prefixBitsMin}, and ${spec.cidr} is larger`,
      )
    }
    this.#ranges.take(spec.id)
    this.#files.save(spec)
    this.#waits.look()
  }

  async remove(networkId: string): Promise<void> {
    this.#files.remove(networkId)
    this.#ranges.release(networkId)
  }

  async list(): Promise<readonly NetworkStatus[]> {
    return this.#files.list().map(({ id, generation }) => ({ id, generation }))
  }

  /** Where a machine is reached, once its network is applied with it. */
  placeOf(networkId: string, interfaceId: string): Promise<{ range: number; address: string }> {
    return this.#waits.until(`interface ${interfaceId} of network ${networkId}`, () => {
      const range = this.#ranges.find(networkId)
      const face = this.#faceOf(networkId, interfaceId)
      if (range === undefined || !face) return undefined
      return { range, address: loopbackAddress(face.address, range) }
    })
  }

  #faceOf(networkId: string, interfaceId: string): InterfaceSpec | undefined {
    return this.#files.find(networkId)?.interfaces.find((face) => face.id === interfaceId)
  }
}

function refusal(message: string): DriverError {
  return new DriverError(message, { retryable: false })
}
