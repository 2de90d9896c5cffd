import { resolverAddresses } from '../../protocol/resolver-addresses.ts'
import { aclChains } from './plan-acls.ts'
import { flowLines, flowMark, flowZoneLines } from './plan-flows.ts'
import {
  metadataAddress,
  type InterfaceSpec,
  type NetworkSpec,
  type SecurityGroupSpec,
  type SecurityRule,
} from '../../protocol/network.ts'

/** Ports of the metadata address that every machine may reach: names, metadata and the platform's endpoint. */
const doorPorts = [53, 80, 4566] as const

/** Every machine's link on the router begins so; nothing else does. */
const machineLinks = 'm*'

/** A VPC's rules: chains, which seldom change, and the addresses that they look up, which change with every machine. */
export interface SecurityPlan {
  readonly chains: readonly string[]
  readonly sets: readonly AddressSet[]
}

export interface AddressSet {
  readonly name: string
  /** As nft declares it: `set` for members, `map` where an address leads to something. */
  readonly keyword: 'set' | 'map'
  readonly type: string
  readonly elements: readonly string[]
}

/**
 * Every packet between two machines passes `forward`: first the sender's egress rules, by its address, then the receiver's ingress
 * rules, by its own. What no rule allows is dropped without a word, as on EC2; established connections stay, as on EC2.
 */
export function planSecurity(spec: NetworkSpec, uplinkDevice: string | undefined): SecurityPlan {
  const combinations = combinationsOf(spec.interfaces)
  const groups = [...spec.securityGroups, ...forgottenGroups(spec)]
  return {
    sets: [
      ...groups.map((group) => membersSet(group, spec)),
      verdicts('senders', 'e', spec.interfaces),
      verdicts('receivers', 'i', spec.interfaces),
      translations(spec),
    ],
    chains: [
      ...routerChains(spec, uplinkDevice),
      ...aclChains(spec),
      ...groups.flatMap((group) => groupChains(group, (spec.flows ?? []).length > 0)),
      ...[...combinations].flatMap(([name, groupIds]) => combinationChains(name, groupIds)),
      chain('ingress', [
        'ip daddr vmap @receivers',
        ...(uplinkDevice ? [`oifname "${uplinkDevice}" drop`] : []),
        'drop',
      ]),
    ],
  }
}

/** Groups that are named but not there: without rules and, unless an interface still has them, without members. */
function forgottenGroups(spec: NetworkSpec): readonly SecurityGroupSpec[] {
  const rules = spec.securityGroups.flatMap((group) => [...group.ingress, ...group.egress])
  const named = new Set([
    ...spec.interfaces.flatMap((face) => face.securityGroupIds),
    ...rules.flatMap((rule) => ('cidr' in rule.peer ? [] : [rule.peer.securityGroupId])),
  ])
  for (const group of spec.securityGroups) named.delete(group.id)
  return [...named].map((id) => ({ id, ingress: [], egress: [] }))
}

function routerChains(spec: NetworkSpec, uplink: string | undefined): readonly string[] {
  const forward = [
    'type filter hook forward priority 0; policy drop',
    'ct state established,related accept',
    'ct state invalid drop',
    ...(uplink ? [`iifname "${uplink}" ct status dnat goto ingress`] : []),
    'ip saddr vmap @senders',
  ]
  const input = [
    'type filter hook input priority 0; policy drop',
    'iifname "lo" accept',
    'ct state established,related accept',
    `ip daddr ${metadataAddress} meta l4proto { tcp, udp } th dport { ${doorPorts.join(', ')} } accept`,
    `ip daddr { ${resolverAddresses(spec.cidr).join(', ')} } meta l4proto { tcp, udp } th dport 53 accept`,
    `iifname "${machineLinks}" icmp type echo-request accept`,
  ]
  return [
    chain('origin', [
      'type filter hook prerouting priority -300; policy accept',
      `iifname "${machineLinks}" fib saddr . iif oif missing drop`,
      ...(uplink ? [`iifname "${uplink}" ip saddr ${spec.cidr} drop`] : []),
      ...flowZoneLines(spec),
    ]),
    chain('translate', [
      'type nat hook prerouting priority -100; policy accept',
      ...flowLines(spec),
      'dnat ip to ip daddr map @translations',
    ]),
    chain('input', input),
    chain('forward', forward),
  ]
}

/** From each address to the chain of its groups; an interface without groups is in none, and so dropped. */
function verdicts(
  name: string,
  prefix: 'e' | 'i',
  interfaces: readonly InterfaceSpec[],
): AddressSet {
  const elements = interfaces
    .filter((face) => face.securityGroupIds.length > 0)
    .map((face) => `${face.address} : goto ${prefix}_${combinationName(face.securityGroupIds)}`)
  return { name, keyword: 'map', type: 'ipv4_addr : verdict', elements }
}

/** From each public address to the one inside. */
function translations(spec: NetworkSpec): AddressSet {
  const elements = spec.interfaces
    .filter((face) => face.publicAddress !== undefined && hasInternet(spec, face))
    .map((face) => `${face.publicAddress} : ${face.address}`)
  return { name: 'translations', keyword: 'map', type: 'ipv4_addr : ipv4_addr', elements }
}

function combinationsOf(interfaces: readonly InterfaceSpec[]): Map<string, readonly string[]> {
  return new Map(
    interfaces
      .filter((face) => face.securityGroupIds.length > 0)
      .map((face) => [combinationName(face.securityGroupIds), face.securityGroupIds]),
  )
}

/** nft names hold letters, digits and underscores; AWS ids have dashes. */
function combinationName(groupIds: readonly string[]): string {
  return [...new Set(groupIds)].toSorted().map(nftName).join('_')
}

function nftName(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9]/g, '')
}

/** Of a balancer's node also its public address, for that is where flows were sent to that it passed on. */
function membersSet(group: SecurityGroupSpec, { interfaces, flows = [] }: NetworkSpec): AddressSet {
  const nodes = new Set(flows.map((flow) => flow.address))
  const elements = interfaces
    .filter((face) => face.securityGroupIds.includes(group.id))
    .flatMap((face) =>
      nodes.has(face.address) && face.publicAddress !== undefined
        ? [face.address, face.publicAddress]
        : [face.address],
    )
  return { name: `members_${nftName(group.id)}`, keyword: 'set', type: 'ipv4_addr', elements }
}

function groupChains(group: SecurityGroupSpec, hasFlows: boolean): readonly string[] {
  const name = nftName(group.id)
  const ingress = group.ingress.flatMap((rule) => [
    ...ruleLines(rule, 'saddr', 'accept'),
    ...(hasFlows ? passedOnLines(rule) : []),
  ])
  const egress = group.egress.flatMap((rule) => ruleLines(rule, 'daddr', 'goto ingress'))
  return [chain(`gi_${name}`, ingress), chain(`ge_${name}`, egress)]
}

function combinationChains(name: string, groupIds: readonly string[]): readonly string[] {
  const jumps = (prefix: string): readonly string[] =>
    groupIds.map((id) => `jump ${prefix}_${nftName(id)}`)
  return [
    chain(`i_${name}`, [...jumps('gi'), 'drop']),
    chain(`e_${name}`, [...jumps('ge'), 'drop']),
  ]
}

function ruleLines(
  rule: SecurityRule,
  side: 'saddr' | 'daddr',
  verdict: string,
): readonly string[] {
  const peer =
    'cidr' in rule.peer
      ? peerCidr(rule.peer.cidr, side)
      : peerGroup(rule.peer.securityGroupId, side)
  if (peer === undefined) return []
  return [[peer, protocolMatch(rule), verdict].filter((part) => part !== '').join(' ')]
}

/** Who lets a balancer's group in lets in what its nodes passed on, whoever sent it, as on AWS. */
function passedOnLines(rule: SecurityRule): readonly string[] {
  if ('cidr' in rule.peer) return []
  const members = `@members_${nftName(rule.peer.securityGroupId)}`
  const match = [`ct mark ${flowMark} ct original ip daddr`, members, protocolMatch(rule), 'accept']
  return [match.filter((part) => part !== '').join(' ')]
}

/** IPv6 ranges allow nothing here: there is no IPv6 inside a VPC. */
function peerCidr(cidr: string, side: string): string | undefined {
  if (cidr.includes(':')) return undefined
  return cidr === '0.0.0.0/0' ? '' : `ip ${side} ${cidr}`
}

function peerGroup(groupId: string, side: string): string {
  return `ip ${side} @members_${nftName(groupId)}`
}

function protocolMatch(rule: SecurityRule): string {
  const { protocol, ports } = rule
  if (protocol === 'all') return ''
  if (protocol === 'icmp') {
    const type = ports && ports.from >= 0 ? ` icmp type ${ports.from}` : ''
    return `meta l4proto icmp${type}`
  }
  if (!ports || ports.from < 0) return `meta l4proto ${protocol}`
  return `${protocol} dport ${ports.from}-${ports.to}`
}

function hasInternet(spec: NetworkSpec, face: InterfaceSpec): boolean {
  const subnet = spec.subnets.find((each) => each.id === face.subnetId)
  return subnet?.routes.some((route) => route.target === 'internet') ?? false
}

function chain(name: string, lines: readonly string[]): string {
  return `chain ${name} {\n${lines.map((line) => `  ${line}\n`).join('')}}`
}
