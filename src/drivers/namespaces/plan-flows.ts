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
  const places = bucketsOf(targets).map(
    (target, index) => `${index} : ${target.address} . ${target.port}`,
  )
  const sender = `ip saddr . ${protocol} sport . ip daddr . ${protocol} dport`
  return (
    `ip daddr ${to} ${protocol} dport ${port} ${from}` +
    `ct mark set ${flowMark} dnat ip to jhash ${sender} mod ${places.length} seed 0x6576656e map { ${places.join(', ')} }`
  )
}

/**
 * Datagrams have no beginning: the kernel's memory of who went where is the flow. It is kept apart for them, under a number that
 * changes when a target goes, both of what is sent to these places and of what comes back.
 */
export function flowZoneLines(spec: NetworkSpec): readonly string[] {
  const places = new Set<string>()
  for (const { protocol, address, port, targets } of spec.flows ?? []) {
    if (protocol !== 'udp') continue
    places.add(`${address} . ${port}`)
    const publicAddress = publicAddressOf(spec, address)
    if (publicAddress !== undefined) places.add(`${publicAddress} . ${port}`)
    for (const target of targets) places.add(`${target.address} . ${target.port}`)
  }
  if (places.size === 0) return []
  const set = `{ ${[...places].join(', ')} }`
  const zone = spec.flowZone ?? 1
  return [
    `ip daddr . udp dport ${set} ct zone set ${zone}`,
    `ip saddr . udp sport ${set} ct zone set ${zone}`,
  ]
}

/** Enough that shares differ little; each is one element of a map. */
const bucketCount = 64

/** Each bucket's target is the one that it likes best, so that a target that goes takes its own buckets with it and no others. */
function bucketsOf(targets: FlowSpec['targets']): FlowSpec['targets'] {
  if (targets.length === 1) return targets
  return Array.from({ length: bucketCount }, (_, bucket) => {
    const liking = (target: FlowSpec['targets'][number]): number =>
      mixed(`${target.address}:${target.port} ${bucket}`)
    return targets.reduce((best, target) => (liking(target) > liking(best) ? target : best))
  })
}

/** 32 bits that look drawn, the same for the same text (FNV-1a, mixed once more). */
function mixed(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
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
