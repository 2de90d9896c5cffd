import type { Scope } from '../kernel/scope.ts'
import type { Kind, Records, StoredRecord } from '../store/records.ts'
import {
  elasticAddresses,
  internetGateways,
  natGateways,
  networkAcls,
  networkInterfaces,
  routeTables,
  securityGroups,
  subnets,
  vpcs,
} from './records.ts'
import { Refusal } from './refusal.ts'

/** EC2's code, and its word, for a thing that is not there. */
const nouns: Readonly<Record<string, readonly [code: string, word: string]>> = {
  [vpcs.name]: ['InvalidVpcID.NotFound', 'vpc ID'],
  [subnets.name]: ['InvalidSubnetID.NotFound', 'subnet ID'],
  [internetGateways.name]: ['InvalidInternetGatewayID.NotFound', 'internetGateway ID'],
  [routeTables.name]: ['InvalidRouteTableID.NotFound', 'routeTable ID'],
  [securityGroups.name]: ['InvalidGroup.NotFound', 'security group'],
  [networkAcls.name]: ['InvalidNetworkAclID.NotFound', 'networkAcl ID'],
  [elasticAddresses.name]: ['InvalidAllocationID.NotFound', 'allocation ID'],
  [networkInterfaces.name]: ['InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'],
}

export function notFound(kind: Kind<unknown>, id: string): Refusal {
  if (kind.name === natGateways.name) {
    return new Refusal('NatGatewayNotFound', `NAT gateway ${id} was not found`)
  }
  if (kind.name === securityGroups.name && !id.startsWith('sg-')) {
    return new Refusal('InvalidGroupId.Malformed', `Invalid id: "${id}" (expecting "sg-...")`)
  }
  const [code, word] = nouns[kind.name] ?? ['InvalidParameterValue', 'ID']
  return new Refusal(code, `The ${word} '${id}' does not exist`)
}

/** The record, or EC2's refusal in the noun's own code. */
export async function requireRecord<T>(
  records: Records,
  kind: Kind<T>,
  scope: Scope,
  id: string,
): Promise<StoredRecord<T>> {
  const record = await records.find(kind, scope, id)
  if (!record) throw notFound(kind, id)
  return record
}

/** The values of a kind, as engines mostly want them. */
export async function valuesOf<T>(
  records: Records,
  kind: Kind<T>,
  scope: Scope,
  owner?: string,
): Promise<readonly T[]> {
  const list = await records.list(kind, scope, owner === undefined ? {} : { owner })
  return list.map((record) => record.value)
}
