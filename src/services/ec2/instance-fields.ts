import type { Instance } from '../../compute/instance.ts'
import { instanceSizes } from '../../compute/domain/instance-sizes.ts'
import { privateDnsName } from '../../compute/domain/names.ts'
import type { FilterFields } from './filters.ts'
import { publicNameOf, stateOf, type InstanceSurroundings } from './instance-view.ts'

/** The filters of DescribeInstances and DescribeInstanceStatus. */
export function instanceFields(around: InstanceSurroundings): FilterFields<Instance> {
  const groupNames = (instance: Instance) =>
    instance.securityGroupIds.map((id) => around.groupNames.get(id) ?? '')
  return {
    'instance-id': (instance) => instance.instanceId,
    'instance-state-name': (instance) => instance.state,
    'instance-state-code': (instance) => String(stateOf(instance.state).Code),
    'instance-type': (instance) => instance.instanceType,
    'instance-lifecycle': () => [],
    'image-id': (instance) => instance.imageId,
    'key-name': (instance) => instance.keyName,
    'reservation-id': (instance) => instance.reservationId,
    'launch-index': (instance) => String(instance.launchIndex),
    'launch-time': (instance) => new Date(instance.launchedAt).toISOString(),
    'client-token': (instance) => instance.clientToken,
    'availability-zone': (instance) => instance.zone,
    'vpc-id': (instance) => instance.vpcId,
    'subnet-id': (instance) => instance.subnetId,
    'private-ip-address': (instance) => instance.privateAddress,
    'ip-address': (instance) => instance.publicAddress,
    'private-dns-name': (instance) => privateDnsName(around.scope.region, instance.privateAddress),
    'dns-name': (instance) => publicNameOf(instance, around),
    'instance.group-id': (instance) => instance.securityGroupIds,
    'instance.group-name': groupNames,
    'group-id': (instance) => instance.securityGroupIds,
    'group-name': groupNames,
    'network-interface.network-interface-id': (instance) => instance.interfaceId,
    'network-interface.subnet-id': (instance) => instance.subnetId,
    'network-interface.vpc-id': (instance) => instance.vpcId,
    'network-interface.addresses.private-ip-address': (instance) => instance.privateAddress,
    'iam-instance-profile.arn': (instance) => instance.instanceProfileArn,
    'state-reason-code': (instance) => instance.stateReason?.code,
    'owner-id': () => around.scope.account,
    architecture: (instance) => instanceSizes.get(instance.instanceType)?.architecture ?? 'x86_64',
    'virtualization-type': () => 'hvm',
    'root-device-type': () => 'ebs',
    'metadata-options.http-tokens': (instance) => instance.metadataTokens,
    tenancy: () => 'default',
  }
}
