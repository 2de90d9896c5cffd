import type { AclEntry } from '../../network/records.ts'
import { invalidParameterValue } from './errors.ts'
import { required } from './input.ts'

/** An entry as requests and templates write it. */
export interface GivenEntry {
  readonly RuleNumber?: number | undefined
  readonly Protocol?: string | undefined
  readonly RuleAction?: string | undefined
  readonly Egress?: boolean | undefined
  readonly CidrBlock?: string | undefined
  readonly Ipv6CidrBlock?: string | undefined
  readonly PortRange?: { readonly From?: number | undefined; readonly To?: number | undefined }
  readonly Icmp?: { readonly Type?: number | undefined; readonly Code?: number | undefined }
}

const protocolNames: Readonly<Record<string, number>> = { all: -1, icmp: 1, tcp: 6, udp: 17 }

/** Members of an entry, for `accepts`. */
export const entryMembers = {
  NetworkAclId: true,
  RuleNumber: true,
  Protocol: true,
  RuleAction: true,
  Egress: true,
  CidrBlock: true,
  Ipv6CidrBlock: true,
  PortRange: { From: true, To: true },
  IcmpTypeCode: { Type: true, Code: true },
} as const

export function entryOf(given: GivenEntry): AclEntry {
  const protocol = protocolOf(required(given.Protocol, 'protocol'))
  const action = required(given.RuleAction, 'ruleAction')
  if (action !== 'allow' && action !== 'deny') throw invalidParameterValue(action, 'ruleAction')
  const { PortRange, Icmp } = given
  return {
    ruleNumber: required(given.RuleNumber, 'ruleNumber'),
    direction: given.Egress === true ? 'egress' : 'ingress',
    protocol,
    cidr: required(given.CidrBlock ?? given.Ipv6CidrBlock, 'cidrBlock'),
    isAllowed: action === 'allow',
    ...(PortRange &&
      protocol !== -1 && {
        ports: {
          from: required(PortRange.From, 'portRange.from'),
          to: required(PortRange.To, 'portRange.to'),
        },
      }),
    ...(Icmp && protocol === 1 && { icmp: { type: Icmp.Type ?? -1, code: Icmp.Code ?? -1 } }),
  }
}

function protocolOf(text: string): number {
  const number = protocolNames[text.toLowerCase()] ?? (text === '' ? Number.NaN : Number(text))
  if (Number.isInteger(number) && number >= -1 && number <= 255) return number
  throw invalidParameterValue(text, 'protocol')
}
