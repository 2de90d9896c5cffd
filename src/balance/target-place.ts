import type { Scope } from '../kernel/scope.ts'
import { holds, parseCidr } from '../network/domain/cidr.ts'
import { subnets } from '../network/records.ts'
import { Refusal } from '../network/refusal.ts'
import type { Records } from '../store/records.ts'
import type { TargetGroup } from './records.ts'
import type { TargetRef } from './targets.ts'

/** Where targets may be that are in no subnet of the VPC: private addresses, and those of carriers. */
const outside = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16']

/**
 * The zone that an address belongs to, as ELBv2 finds it: its subnet's, or `all` for one outside the VPC, which must then be said. Refused:
 * an address that is none or is not private, and another zone than its own.
 */
export async function zoneOfAddress(
  records: Records,
  scope: Scope,
  { group, ref }: { readonly group: TargetGroup; readonly ref: TargetRef },
): Promise<string> {
  const { targetId, zone } = ref
  const address = /^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(targetId)
    ? parseCidr(`${targetId}/32`)
    : undefined
  if (address === undefined)
    throw invalid(`The IP address '${targetId}' is not a valid IPv4 address`)
  const isIn = (cidr: string): boolean => {
    const range = parseCidr(cidr)
    return range !== undefined && holds(range, address)
  }
  const known = await records.list(subnets, scope)
  const subnet = known.find(({ value }) => value.vpcId === group.vpcId && isIn(value.cidr))
  if (subnet === undefined) {
    if (!outside.some(isIn)) {
      throw invalid(
        `The IP address '${targetId}' must be in a subnet of the VPC '${group.vpcId}', or private`,
      )
    }
    if (zone === 'all') return zone
    throw invalid(
      `The IP address '${targetId}' is outside of the VPC '${group.vpcId}': its Availability Zone must be 'all'`,
    )
  }
  if (zone === undefined || zone === 'all') return zone ?? subnet.value.zone
  if (zone === subnet.value.zone) return zone
  throw invalid(
    `The Availability Zone '${zone}' is not that of the IP address '${targetId}', '${subnet.value.zone}'`,
  )
}

function invalid(message: string): Refusal {
  return new Refusal('ValidationError', message)
}
