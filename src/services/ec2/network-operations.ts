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
import { attachNetworkInterface } from './operations/attach-network-interface.ts'
import { detachNetworkInterface } from './operations/detach-network-interface.ts'
import { createNetworkInterface } from './operations/create-network-interface.ts'
import { createVpcEndpoint } from './operations/create-vpc-endpoint.ts'
import { deleteNetworkInterface } from './operations/delete-network-interface.ts'
import { describeDhcpOptions } from './operations/describe-dhcp-options.ts'
import { describeNetworkInterfaceAttribute } from './operations/describe-network-interface-attribute.ts'
import { describeVpcEndpointServices } from './operations/describe-vpc-endpoint-services.ts'
import { describeVpcEndpoints } from './operations/describe-vpc-endpoints.ts'
import { modifySecurityGroupRules } from './operations/modify-security-group-rules.ts'
import { updateSecurityGroupRuleDescriptionsEgress } from './operations/update-security-group-rule-descriptions-egress.ts'
import { updateSecurityGroupRuleDescriptionsIngress } from './operations/update-security-group-rule-descriptions-ingress.ts'
import { modifyNetworkInterfaceAttribute } from './operations/modify-network-interface-attribute.ts'

/** Elastic addresses, NAT gateways, interfaces, and changes of security group rules. */
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
  AttachNetworkInterface: guarded(attachNetworkInterface),
  DetachNetworkInterface: guarded(detachNetworkInterface),
  CreateNetworkInterface: guarded(createNetworkInterface),
  CreateVpcEndpoint: guarded(createVpcEndpoint),
  DeleteNetworkInterface: guarded(deleteNetworkInterface),
  DescribeDhcpOptions: guarded(describeDhcpOptions),
  DescribeNetworkInterfaceAttribute: guarded(describeNetworkInterfaceAttribute),
  DescribeVpcEndpointServices: guarded(describeVpcEndpointServices),
  DescribeVpcEndpoints: guarded(describeVpcEndpoints),
  ModifyNetworkInterfaceAttribute: guarded(modifyNetworkInterfaceAttribute),
  ModifySecurityGroupRules: guarded(modifySecurityGroupRules),
  UpdateSecurityGroupRuleDescriptionsEgress: guarded(updateSecurityGroupRuleDescriptionsEgress),
  UpdateSecurityGroupRuleDescriptionsIngress: guarded(updateSecurityGroupRuleDescriptionsIngress),
}
