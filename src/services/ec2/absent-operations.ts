import { guarded } from './guard.ts'
import { describeVpnGateways } from './operations/describe-vpn-gateways.ts'
import { describeVpcPeeringConnections } from './operations/describe-vpc-peering-connections.ts'
import { describeEgressOnlyInternetGateways } from './operations/describe-egress-only-internet-gateways.ts'
import { describeFlowLogs } from './operations/describe-flow-logs.ts'
import { describePlacementGroups } from './operations/describe-placement-groups.ts'
import { describePrefixLists } from './operations/describe-prefix-lists.ts'
import { describeManagedPrefixLists } from './operations/describe-managed-prefix-lists.ts'
import { describeCustomerGateways } from './operations/describe-customer-gateways.ts'
import { describeVpnConnections } from './operations/describe-vpn-connections.ts'
import { describeTransitGateways } from './operations/describe-transit-gateways.ts'
import { describeStaleSecurityGroups } from './operations/describe-stale-security-groups.ts'
import { describeSecurityGroupReferences } from './operations/describe-security-group-references.ts'

/** Kinds of which nothing exists here: tools look whether there are any. */
export const absentOperations = {
  DescribeVpnGateways: guarded(describeVpnGateways),
  DescribeVpcPeeringConnections: guarded(describeVpcPeeringConnections),
  DescribeEgressOnlyInternetGateways: guarded(describeEgressOnlyInternetGateways),
  DescribeFlowLogs: guarded(describeFlowLogs),
  DescribePlacementGroups: guarded(describePlacementGroups),
  DescribePrefixLists: guarded(describePrefixLists),
  DescribeManagedPrefixLists: guarded(describeManagedPrefixLists),
  DescribeCustomerGateways: guarded(describeCustomerGateways),
  DescribeVpnConnections: guarded(describeVpnConnections),
  DescribeTransitGateways: guarded(describeTransitGateways),
  DescribeStaleSecurityGroups: guarded(describeStaleSecurityGroups),
  DescribeSecurityGroupReferences: guarded(describeSecurityGroupReferences),
}
