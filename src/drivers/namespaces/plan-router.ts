import type { NetworkSpec, SubnetSpec } from '../../protocol/network.ts'
import { resolverAddresses } from '../../protocol/resolver-addresses.ts'

/** The link between a VPC's namespace and the host machine's own network, where there is one. */
export interface Uplink {
  readonly device: string
  /** The host machine's end, the next hop for what leaves. */
  readonly hostAddress: string
}

/** What `ip -batch` is given inside the VPC's namespace; each line may be repeated. */
export interface RouterPlan {
  /** Addresses of the router itself, all on `lo`: one gateway for each subnet, and those of the resolver, one of which is metadata's too. */
  readonly addresses: readonly string[]
  /** Whole routing tables by number, flushed and filled again: one for each subnet. */
  readonly batch: readonly string[]
}

/** Subnets' own tables start here; 253 and above are the kernel's. */
const firstTable = 1000

/** The router of a VPC: pure, so that a test can read it. Machines' own routes are made with the machine. */
export function planRouter(spec: NetworkSpec, uplink: Uplink | undefined): RouterPlan {
  const addresses = [
    ...resolverAddresses(spec.cidr),
    ...spec.subnets.map((subnet) => subnet.gateway),
  ]
  const batch = [`route replace unreachable ${spec.cidr}`, 'rule flush', ...baseRules(spec)]
  spec.subnets.forEach((subnet, index) => {
    const table = firstTable + index
    batch.push(`rule add from ${subnet.cidr} lookup ${table} priority 2000`)
    batch.push(`route replace unreachable default metric 4096 table ${table}`)
    for (const route of subnet.routes) batch.push(routeLine(route, table, uplink))
  })
  return { addresses, batch }
}

/** The VPC's own range comes first: no subnet's route can lead its traffic elsewhere. */
function baseRules(spec: NetworkSpec): readonly string[] {
  return [
    `rule add to ${spec.cidr} lookup main priority 1000`,
    'rule add from all lookup main priority 32766',
  ]
}

function routeLine(
  route: SubnetSpec['routes'][number],
  table: number,
  uplink: Uplink | undefined,
): string {
  const { destinationCidr: to } = route
  if (route.target === 'drop') return `route replace blackhole ${to} table ${table}`
  if (!uplink) return `route replace unreachable ${to} table ${table}`
  return `route replace ${to} via ${uplink.hostAddress} dev ${uplink.device} table ${table}`
}
