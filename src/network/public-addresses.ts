import type { Random } from '../kernel/random.ts'
import { globalRegion, type Scope } from '../kernel/scope.ts'
import type { Records } from '../store/records.ts'
import { addressText, parseCidr, usableRange } from './domain/cidr.ts'
import type { InterfaceView } from './interfaces.ts'
import { elasticAddresses, publicAddresses } from './records.ts'

/** Where the records of the whole installation live. */
export const installation: Scope = { account: 'installation', region: globalRegion }

/**
 * Public addresses come from the block that RFC 2544 keeps for tests between devices: no host on the internet has one. They are drawn
 * by chance, so that two installations on one host hardly ever meet.
 */
const publicRange = '198.18.0.0/15'

/** Any of the range; whether it is free the store tells. */
export function choosePublicAddress(random: Random): string {
  const { first, count } = usableRange(parseCidr(publicRange) ?? { first: 0, prefix: 32 })
  return addressText(first + random.below(count))
}

/** Of an interface that gets another one, or goes: what is elastic stays with its owner. */
export async function giveUpPublicAddress(
  records: Records,
  scope: Scope,
  { publicAddress, allocationId }: InterfaceView,
): Promise<void> {
  if (allocationId !== undefined) {
    const address = await records.find(elasticAddresses, scope, allocationId)
    if (!address) return
    const { association: _, ...free } = address.value
    await records.update(address, free)
  } else if (publicAddress !== undefined) {
    const held = await records.find(publicAddresses, installation, publicAddress)
    if (held) await records.remove(held)
  }
}
