import type { AclRule, AclSpec, NetworkSpec } from '../../protocol/network.ts'

/**
 * Network ACLs as a chain of their own before all others: every packet that leaves a subnet or enters one is asked, whatever connection it
 * belongs to, so that answers need rules too, as on EC2. Within one subnet they are not asked. What they let pass goes on to the security groups.
 */
export function aclChains(spec: NetworkSpec): readonly string[] {
  const acls = spec.acls ?? []
  const guarded = spec.subnets.filter((subnet) => acls.some((acl) => acl.id === subnet.aclId))
  if (guarded.length === 0) return []
  return [
    ...acls.flatMap(rulesOf),
    chain('acls', [
      'type filter hook forward priority -10; policy accept',
      ...guarded.map(({ cidr }) => `ip saddr ${cidr} ip daddr ${cidr} accept`),
      ...guarded.map(({ cidr, aclId }) => `ip saddr ${cidr} jump ${nameOf('ae', aclId)}`),
      ...guarded.map(({ cidr, aclId }) => `ip daddr ${cidr} jump ${nameOf('ai', aclId)}`),
    ]),
  ]
}

function rulesOf({ id, ingress, egress }: AclSpec): readonly string[] {
  const lines = (rules: readonly AclRule[], side: 'saddr' | 'daddr'): readonly string[] => [
    ...rules.map((rule) => ruleLine(rule, side)),
    'drop',
  ]
  return [
    chain(nameOf('ai', id), lines(ingress, 'saddr')),
    chain(nameOf('ae', id), lines(egress, 'daddr')),
  ]
}

function ruleLine(rule: AclRule, side: 'saddr' | 'daddr'): string {
  const { protocol, ports, icmp, cidr, isAllowed } = rule
  const parts = [`ip ${side} ${cidr}`]
  if (protocol !== -1) parts.push(`meta l4proto ${protocol}`)
  if (ports && (protocol === 6 || protocol === 17)) parts.push(`th dport ${ports.from}-${ports.to}`)
  if (protocol === 1 && icmp && icmp.type !== -1) parts.push(`icmp type ${icmp.type}`)
  if (protocol === 1 && icmp && icmp.code !== -1) parts.push(`icmp code ${icmp.code}`)
  return `${parts.join(' ')} ${isAllowed ? 'return' : 'drop'}`
}

function nameOf(prefix: string, id: string | undefined): string {
  return `${prefix}_${(id ?? '').replaceAll(/[^A-Za-z0-9]/g, '')}`
}

function chain(name: string, lines: readonly string[]): string {
  return `chain ${name} {\n${lines.map((line) => `  ${line}\n`).join('')}}`
}
