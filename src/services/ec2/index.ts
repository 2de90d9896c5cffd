import { serviceOf, type OperationDefinition, type Service } from '../../wire/service.ts'
import type { Ec2Deps } from './deps.ts'
import { asAwsError, unsupportedMember } from './errors.ts'
import { absentOperations } from './absent-operations.ts'
import { guarded } from './guard.ts'
import { machineOperations } from './machine-operations.ts'
import { networkOperations } from './network-operations.ts'
import { withinPageBounds } from './page-bounds.ts'
import { associateRouteTable } from './operations/associate-route-table.ts'
import { attachInternetGateway } from './operations/attach-internet-gateway.ts'
import { authorizeSecurityGroupEgress } from './operations/authorize-security-group-egress.ts'
import { authorizeSecurityGroupIngress } from './operations/authorize-security-group-ingress.ts'
import { createDefaultVpc } from './operations/create-default-vpc.ts'
import { createInternetGateway } from './operations/create-internet-gateway.ts'
import { createKeyPair } from './operations/create-key-pair.ts'
import { createLaunchTemplateVersion } from './operations/create-launch-template-version.ts'
import { createLaunchTemplate } from './operations/create-launch-template.ts'
import { createNetworkAclEntry } from './operations/create-network-acl-entry.ts'
import { createNetworkAcl } from './operations/create-network-acl.ts'
import { deleteNetworkAclEntry } from './operations/delete-network-acl-entry.ts'
import { deleteNetworkAcl } from './operations/delete-network-acl.ts'
import { describeNetworkAcls } from './operations/describe-network-acls.ts'
import { replaceNetworkAclAssociation } from './operations/replace-network-acl-association.ts'
import { replaceNetworkAclEntry } from './operations/replace-network-acl-entry.ts'
import { createRouteTable } from './operations/create-route-table.ts'
import { createRoute } from './operations/create-route.ts'
import { createSecurityGroup } from './operations/create-security-group.ts'
import { createSubnet } from './operations/create-subnet.ts'
import { createTags } from './operations/create-tags.ts'
import { createVpc } from './operations/create-vpc.ts'
import { deleteInternetGateway } from './operations/delete-internet-gateway.ts'
import { deleteKeyPair } from './operations/delete-key-pair.ts'
import { deleteLaunchTemplateVersions } from './operations/delete-launch-template-versions.ts'
import { deleteLaunchTemplate } from './operations/delete-launch-template.ts'
import { deleteRouteTable } from './operations/delete-route-table.ts'
import { deleteRoute } from './operations/delete-route.ts'
import { deleteSecurityGroup } from './operations/delete-security-group.ts'
import { deleteSubnet } from './operations/delete-subnet.ts'
import { deleteTags } from './operations/delete-tags.ts'
import { deleteVpc } from './operations/delete-vpc.ts'
import { describeAccountAttributes } from './operations/describe-account-attributes.ts'
import { describeAvailabilityZones } from './operations/describe-availability-zones.ts'
import { describeImages } from './operations/describe-images.ts'
import { describeInstanceAttribute } from './operations/describe-instance-attribute.ts'
import { describeInstanceStatus } from './operations/describe-instance-status.ts'
import { describeInstanceTypes } from './operations/describe-instance-types.ts'
import { describeInstances } from './operations/describe-instances.ts'
import { describeInternetGateways } from './operations/describe-internet-gateways.ts'
import { describeKeyPairs } from './operations/describe-key-pairs.ts'
import { describeLaunchTemplateVersions } from './operations/describe-launch-template-versions.ts'
import { describeLaunchTemplates } from './operations/describe-launch-templates.ts'
import { describeNetworkInterfaces } from './operations/describe-network-interfaces.ts'
import { describeRegions } from './operations/describe-regions.ts'
import { describeRouteTables } from './operations/describe-route-tables.ts'
import { describeSecurityGroupRules } from './operations/describe-security-group-rules.ts'
import { describeSecurityGroups } from './operations/describe-security-groups.ts'
import { describeSubnets } from './operations/describe-subnets.ts'
import { describeTags } from './operations/describe-tags.ts'
import { describeVpcAttribute } from './operations/describe-vpc-attribute.ts'
import { describeVpcs } from './operations/describe-vpcs.ts'
import { detachInternetGateway } from './operations/detach-internet-gateway.ts'
import { disassociateRouteTable } from './operations/disassociate-route-table.ts'
import { getConsoleOutput } from './operations/get-console-output.ts'
import { importKeyPair } from './operations/import-key-pair.ts'
import { modifyInstanceAttribute } from './operations/modify-instance-attribute.ts'
import { modifyLaunchTemplate } from './operations/modify-launch-template.ts'
import { modifySubnetAttribute } from './operations/modify-subnet-attribute.ts'
import { modifyVpcAttribute } from './operations/modify-vpc-attribute.ts'
import { rebootInstances } from './operations/reboot-instances.ts'
import { replaceRouteTableAssociation } from './operations/replace-route-table-association.ts'
import { replaceRoute } from './operations/replace-route.ts'
import { revokeSecurityGroupEgress } from './operations/revoke-security-group-egress.ts'
import { revokeSecurityGroupIngress } from './operations/revoke-security-group-ingress.ts'
import { runInstances } from './operations/run-instances.ts'
import { startInstances } from './operations/start-instances.ts'
import { stopInstances } from './operations/stop-instances.ts'
import { terminateInstances } from './operations/terminate-instances.ts'
import { eipAssociationType } from './stack-resources/eip-association.ts'
import { eipType } from './stack-resources/eip.ts'
import { natGatewayType } from './stack-resources/nat-gateway.ts'
import { instanceType } from './stack-resources/instance.ts'
import { internetGatewayType } from './stack-resources/internet-gateway.ts'
import { keyPairType } from './stack-resources/key-pair.ts'
import { launchTemplateType } from './stack-resources/launch-template.ts'
import { networkAclEntryType } from './stack-resources/network-acl-entry.ts'
import { networkAclType } from './stack-resources/network-acl.ts'
import { routeTableType } from './stack-resources/route-table.ts'
import { routeType } from './stack-resources/route.ts'
import { securityGroupEgressType } from './stack-resources/security-group-egress.ts'
import { securityGroupIngressType } from './stack-resources/security-group-ingress.ts'
import { securityGroupType } from './stack-resources/security-group.ts'
import { subnetNetworkAclAssociationType } from './stack-resources/subnet-network-acl-association.ts'
import { subnetRouteTableAssociationType } from './stack-resources/subnet-route-table-association.ts'
import { subnetType } from './stack-resources/subnet.ts'
import { vpcGatewayAttachmentType } from './stack-resources/vpc-gateway-attachment.ts'
import { volumeAttachmentType } from './stack-resources/volume-attachment.ts'
import { volumeType } from './stack-resources/volume.ts'
import { vpcType } from './stack-resources/vpc.ts'
import { answeringType } from '../../stacks/answering-type.ts'
import type { ResourceType } from '../../stacks/resource-type.ts'
import { boundType } from './stack-call.ts'
export { parameterLookups } from './parameter-lookups.ts'

export type { Ec2Deps, Ec2Operations } from './deps.ts'

const operations = {
  ...networkOperations,
  ...machineOperations,
  ...absentOperations,
  AssociateRouteTable: guarded(associateRouteTable),
  AttachInternetGateway: guarded(attachInternetGateway),
  AuthorizeSecurityGroupEgress: guarded(authorizeSecurityGroupEgress),
  AuthorizeSecurityGroupIngress: guarded(authorizeSecurityGroupIngress),
  CreateDefaultVpc: guarded(createDefaultVpc),
  CreateInternetGateway: guarded(createInternetGateway),
  CreateKeyPair: guarded(createKeyPair),
  CreateLaunchTemplateVersion: guarded(createLaunchTemplateVersion),
  CreateLaunchTemplate: guarded(createLaunchTemplate),
  CreateNetworkAclEntry: guarded(createNetworkAclEntry),
  CreateNetworkAcl: guarded(createNetworkAcl),
  DeleteNetworkAclEntry: guarded(deleteNetworkAclEntry),
  DeleteNetworkAcl: guarded(deleteNetworkAcl),
  DescribeNetworkAcls: guarded(describeNetworkAcls),
  ReplaceNetworkAclAssociation: guarded(replaceNetworkAclAssociation),
  ReplaceNetworkAclEntry: guarded(replaceNetworkAclEntry),
  CreateRouteTable: guarded(createRouteTable),
  CreateRoute: guarded(createRoute),
  CreateSecurityGroup: guarded(createSecurityGroup),
  CreateSubnet: guarded(createSubnet),
  CreateTags: guarded(createTags),
  CreateVpc: guarded(createVpc),
  DeleteInternetGateway: guarded(deleteInternetGateway),
  DeleteKeyPair: guarded(deleteKeyPair),
  DeleteLaunchTemplateVersions: guarded(deleteLaunchTemplateVersions),
  DeleteLaunchTemplate: guarded(deleteLaunchTemplate),
  DeleteRouteTable: guarded(deleteRouteTable),
  DeleteRoute: guarded(deleteRoute),
  DeleteSecurityGroup: guarded(deleteSecurityGroup),
  DeleteSubnet: guarded(deleteSubnet),
  DeleteTags: guarded(deleteTags),
  DeleteVpc: guarded(deleteVpc),
  DescribeAccountAttributes: guarded(describeAccountAttributes),
  DescribeAvailabilityZones: guarded(describeAvailabilityZones),
  DescribeImages: guarded(describeImages),
  DescribeInstanceAttribute: guarded(describeInstanceAttribute),
  DescribeInstanceStatus: guarded(describeInstanceStatus),
  DescribeInstanceTypes: guarded(describeInstanceTypes),
  DescribeInstances: guarded(describeInstances),
  DescribeInternetGateways: guarded(describeInternetGateways),
  DescribeKeyPairs: guarded(describeKeyPairs),
  DescribeLaunchTemplateVersions: guarded(describeLaunchTemplateVersions),
  DescribeLaunchTemplates: guarded(describeLaunchTemplates),
  DescribeNetworkInterfaces: guarded(describeNetworkInterfaces),
  DescribeRegions: guarded(describeRegions),
  DescribeRouteTables: guarded(describeRouteTables),
  DescribeSecurityGroupRules: guarded(describeSecurityGroupRules),
  DescribeSecurityGroups: guarded(describeSecurityGroups),
  DescribeSubnets: guarded(describeSubnets),
  DescribeTags: guarded(describeTags),
  DescribeVpcAttribute: guarded(describeVpcAttribute),
  DescribeVpcs: guarded(describeVpcs),
  DetachInternetGateway: guarded(detachInternetGateway),
  DisassociateRouteTable: guarded(disassociateRouteTable),
  GetConsoleOutput: guarded(getConsoleOutput),
  ImportKeyPair: guarded(importKeyPair),
  ModifyInstanceAttribute: guarded(modifyInstanceAttribute),
  ModifyLaunchTemplate: guarded(modifyLaunchTemplate),
  ModifySubnetAttribute: guarded(modifySubnetAttribute),
  ModifyVpcAttribute: guarded(modifyVpcAttribute),
  RebootInstances: guarded(rebootInstances),
  ReplaceRouteTableAssociation: guarded(replaceRouteTableAssociation),
  ReplaceRoute: guarded(replaceRoute),
  RevokeSecurityGroupEgress: guarded(revokeSecurityGroupEgress),
  RevokeSecurityGroupIngress: guarded(revokeSecurityGroupIngress),
  RunInstances: guarded(runInstances),
  StartInstances: guarded(startInstances),
  StopInstances: guarded(stopInstances),
  TerminateInstances: guarded(terminateInstances),
}

/** Amazon EC2 over the network and compute engines. */
export function ec2Service(deps: Ec2Deps): Service {
  return serviceOf(deps, {
    id: 'ec2',
    countsInWholes: true,
    operations: withinPageBounds(
      operations as unknown as Record<string, OperationDefinition<never, object, Ec2Deps>>,
    ),
    refuseMember: unsupportedMember,
    asAwsError,
  })
}

/** The `AWS::EC2::…` types of CloudFormation. */
export function ec2ResourceTypes(deps: Ec2Deps): readonly ResourceType[] {
  return [
    instanceType,
    internetGatewayType,
    keyPairType,
    launchTemplateType,
    eipAssociationType,
    eipType,
    natGatewayType,
    networkAclEntryType,
    networkAclType,
    routeTableType,
    routeType,
    securityGroupEgressType,
    securityGroupIngressType,
    securityGroupType,
    subnetNetworkAclAssociationType,
    subnetRouteTableAssociationType,
    subnetType,
    vpcGatewayAttachmentType,
    volumeAttachmentType,
    volumeType,
    vpcType,
  ].map((type) => answeringType(boundType(type, deps), asAwsError))
}
