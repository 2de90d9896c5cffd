import type { FlowSpec, NetworkSpec } from '../../protocol/network.ts'

/** On connections that were passed on: other translations look alike, those of public addresses. */
export const flowMark = '0x666c6f77'

/**
 * What the router does with the first packet of each flow: another address and port to go to, chosen by where it comes from, so that the
 * same sender's port comes to the same place. The kernel remembers the flow, and turns answers around.
 */
export function flowLines(spec: NetworkSpec): readonly string[] {
  return (spec.flows ?? []).flatMap((flow) => {
    if (flow.targets.length === 0 || flow.allowedCidrs.length === 0) return []
    return [flowLine(flow, publicAddressOf(spec, flow.address))]
  })
}

function flowLine(flow: FlowSpec, publicAddress: string | undefined): string {
  const { protocol, address, port, allowedCidrs, targets } = flow
  const to = publicAddress === undefined ? address : `{ ${address}, ${publicAddress} }`
  const isForAll = allowedCidrs.includes('0.0.0.0/0')
  const from = isForAll ? '' : `ip saddr { ${withoutOverlaps(allowedCidrs).join(', ')} } `
  const places = targets.map((target, index) => `${index} : ${target.address} . ${target.port}`)
  const sender = `ip saddr . ${protocol} sport . ip daddr . ${protocol} dport`
  return (
    `ip daddr ${to} ${protocol} dport ${port} ${from}` +
    `ct mark set ${flowMark} dnat ip to jhash ${sender} mod ${targets.length} seed 0x6576656e map { ${places.join(', ')} }`
  )
}

function publicAddressOf(
  { interfaces, subnets }: NetworkSpec,
  address: string,
): string | undefined {
  const face = interfaces.find((one) => one.address === address)
  const subnet = subnets.find((one) => one.id === face?.subnetId)
  const isReached = subnet?.routes.some((route) => route.target === 'internet') ?? false
  return isReached ? face?.publicAddress : undefined
}

/** nft takes no range that lies within another one of its set. */
function withoutOverlaps(cidrs: readonly string[]): readonly string[] {
  const ranges = [...new Set(cidrs)].filter((cidr) => !cidr.includes(':')).map(rangeOf)
  return ranges
    .filter(
      (range, index) =>
        !ranges.some(
          (other, at) =>
            at !== index &&
            other.first <= range.first &&
            other.last >= range.last &&
            (other.last - other.first > range.last - range.first || at < index),
        ),
    )
    .map(({ cidr }) => cidr)
}

function rangeOf(cidr: string): { cidr: string; first: number; last: number } {
  const [base = '', bits = '32'] = cidr.split('/')
  const number = base.split('.').reduce((total, part) => total * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(bits))
  const first = Math.floor(number / size) * size
  return { cidr, first, last: first + size - 1 }
}
