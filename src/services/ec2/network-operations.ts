import { guarded } from './guard.ts'
import { allocateAddress } from './operations/allocate-address.ts'
import { associateAddress } from './operations/associate-address.ts'
import { createNatGateway } from './operations/create-nat-gateway.ts'
import { deleteNatGateway } from './operations/delete-nat-gateway.ts'
import { describeAddressesAttribute } from './operations/describe-addresses-attribute.ts'
import { describeAddresses } from './operations/describe-addresses.ts'
import { describeNatGateways } from './operations/describe-nat-gateways.ts'
import { disassociateAddress } from './operations/disassociate-address.ts'
import { releaseAddress } from './operations/release-address.ts'

/** Elastic addresses and NAT gateways. */
export const networkOperations = {
  AllocateAddress: guarded(allocateAddress),
  AssociateAddress: guarded(associateAddress),
  CreateNatGateway: guarded(createNatGateway),
  DeleteNatGateway: guarded(deleteNatGateway),
  DescribeAddressesAttribute: guarded(describeAddressesAttribute),
  DescribeAddresses: guarded(describeAddresses),
  DescribeNatGateways: guarded(describeNatGateways),
  DisassociateAddress: guarded(disassociateAddress),
  ReleaseAddress: guarded(releaseAddress),
}
