import type {
  Instance as AwsInstance,
  InstanceBlockDeviceMapping,
  InstanceNetworkInterface,
} from '@aws-sdk/client-ec2'
import type { Instance } from '../../compute/instance.ts'
import { instanceSizes } from '../../compute/domain/instance-sizes.ts'
import { privateDnsName } from '../../compute/domain/names.ts'
import { metByNothing, type FilterFields } from './filters.ts'
import { instanceView, publicNameOf, stateOf, type InstanceSurroundings } from './instance-view.ts'

/** The filters of DescribeInstances and DescribeInstanceStatus. */
export function instanceFields(around: InstanceSurroundings): FilterFields<Instance> {
  const groupNames = (instance: Instance) =>
    instance.securityGroupIds.map((id) => around.groupNames.get(id) ?? '')
  return {
    'instance-id': (instance) => instance.instanceId,
    'instance-state-name': (instance) => instance.state,
    'instance-state-code': (instance) => String(stateOf(instance.state).Code),
    'instance-type': (instance) => instance.instanceType,
    'instance-lifecycle': (instance) => (instance.spot ? 'spot' : []),
    'spot-instance-request-id': (instance) => instance.spot?.requestId,
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
    ...shownFields(around),
  }
}

/** Filters that ask for what an instance is shown with; what no instance here has, no instance is found by. */
function shownFields(around: InstanceSurroundings): FilterFields<Instance> {
  const of: Shown = (read) => (instance) => read(instanceView(instance, around))
  const device = (read: (device: InstanceBlockDeviceMapping) => string | undefined) =>
    of((view) => (view.BlockDeviceMappings ?? []).flatMap((each) => read(each) ?? []))
  return {
    ...metByNothing(...absent),
    ...faceFields(of),
    'availability-zone-id': of((view) => view.Placement?.AvailabilityZoneId),
    'block-device-mapping.attach-time': device((each) => each.Ebs?.AttachTime?.toISOString()),
    'block-device-mapping.delete-on-termination': device((each) =>
      String(each.Ebs?.DeleteOnTermination),
    ),
    'block-device-mapping.device-name': device((each) => each.DeviceName),
    'block-device-mapping.status': device((each) => each.Ebs?.Status),
    'block-device-mapping.volume-id': device((each) => each.Ebs?.VolumeId),
    'current-instance-boot-mode': of((view) => view.CurrentInstanceBootMode),
    'capacity-reservation-specification.capacity-reservation-preference': of(
      (view) => view.CapacityReservationSpecification?.CapacityReservationPreference,
    ),
    'enclave-options.enabled': of((view) => String(view.EnclaveOptions?.Enabled)),
    'operator.managed': () => 'false',
    'private-dns-name-options.hostname-type': of(
      (view) => view.PrivateDnsNameOptions?.HostnameType,
    ),
    'private-dns-name-options.enable-resource-name-dns-a-record': of((view) =>
      String(view.PrivateDnsNameOptions?.EnableResourceNameDnsARecord),
    ),
    'private-dns-name-options.enable-resource-name-dns-aaaa-record': of((view) =>
      String(view.PrivateDnsNameOptions?.EnableResourceNameDnsAAAARecord),
    ),
    'usage-operation-update-time': of((view) => view.UsageOperationUpdateTime?.toISOString()),
    'ebs-optimized': of((view) => String(view.EbsOptimized)),
    'ena-support': of((view) => String(view.EnaSupport)),
    'hibernation-options.configured': of((view) => String(view.HibernationOptions?.Configured)),
    hypervisor: of((view) => view.Hypervisor),
    'iam-instance-profile.id': of((view) => view.IamInstanceProfile?.Id),
    'iam-instance-profile.name': of((view) => view.IamInstanceProfile?.Arn?.split('/').at(-1)),
    'maintenance-options.auto-recovery': of((view) => view.MaintenanceOptions?.AutoRecovery),
    'metadata-options.http-endpoint': of((view) => view.MetadataOptions?.HttpEndpoint),
    'metadata-options.http-put-response-hop-limit': of((view) =>
      String(view.MetadataOptions?.HttpPutResponseHopLimit),
    ),
    'metadata-options.instance-metadata-tags': of(
      (view) => view.MetadataOptions?.InstanceMetadataTags,
    ),
    'metadata-options.http-protocol-ipv4': of((view) => view.MetadataOptions?.HttpEndpoint),
    'metadata-options.http-protocol-ipv6': of((view) => view.MetadataOptions?.HttpProtocolIpv6),
    'metadata-options.state': of((view) => view.MetadataOptions?.State),
    'monitoring-state': of((view) => view.Monitoring?.State),
    'platform-details': of((view) => view.PlatformDetails),
    reason: of((view) => view.StateTransitionReason || undefined),
    'root-device-name': of((view) => view.RootDeviceName),
    'source-dest-check': of((view) => String(view.SourceDestCheck)),
    'state-reason-message': of((view) => view.StateReason?.Message),
    'usage-operation': of((view) => view.UsageOperation),
  }
}

type Read<T> = (item: T) => string | readonly string[] | undefined
type Shown = (read: Read<AwsInstance>) => Read<Instance>

/** Those that ask for its interface. */
function faceFields(of: Shown): FilterFields<Instance> {
  const face = (read: (face: InstanceNetworkInterface) => string | undefined) =>
    of((view) => (view.NetworkInterfaces ?? []).flatMap((each) => read(each) ?? []))
  return {
    'network-interface.addresses.association.public-ip': face((each) => each.Association?.PublicIp),
    'network-interface.addresses.primary': face(() => 'true'),
    'network-interface.association.public-ip': face((each) => each.Association?.PublicIp),
    'network-interface.addresses.association.ip-owner-id': face(
      (each) => each.Association?.IpOwnerId,
    ),
    'network-interface.addresses.association.public-dns-name': face(
      (each) => each.Association?.PublicDnsName,
    ),
    'network-interface.addresses.private-dns-name': face((each) => each.PrivateDnsName),
    'network-interface.association.ip-owner-id': face((each) => each.Association?.IpOwnerId),
    'network-interface.association.public-dns-name': face(
      (each) => each.Association?.PublicDnsName,
    ),
    'network-interface.attachment.attach-time': face((each) =>
      each.Attachment?.AttachTime?.toISOString(),
    ),
    'network-interface.attachment.delete-on-termination': face((each) =>
      String(each.Attachment?.DeleteOnTermination),
    ),
    'network-interface.attachment.device-index': face((each) =>
      String(each.Attachment?.DeviceIndex),
    ),
    'network-interface.attachment.instance-id': of((view) =>
      (view.NetworkInterfaces ?? []).map(() => view.InstanceId ?? ''),
    ),
    'network-interface.attachment.instance-owner-id': face((each) => each.OwnerId),
    'network-interface.attachment.network-card-index': face((each) =>
      String(each.Attachment?.NetworkCardIndex),
    ),
    'network-interface.attachment.status': face((each) => each.Attachment?.Status),
    'network-interface.description': face((each) => each.Description),
    'network-interface.group-name': of((view) =>
      (view.SecurityGroups ?? []).flatMap((group) => group.GroupName ?? []),
    ),
    'network-interface.private-ip-address': face((each) => each.PrivateIpAddress),
    'network-interface.public-dns-name': face((each) => each.Association?.PublicDnsName),
    'network-interface.requester-managed': face(() => 'false'),
    'network-interface.operator.managed': face(() => 'false'),
    'network-interface.source-dest-check': face((each) => String(each.SourceDestCheck)),
    'association.public-ip': face((each) => each.Association?.PublicIp),
    'network-interface.attachment.attachment-id': face((each) => each.Attachment?.AttachmentId),
    'network-interface.availability-zone': of((view) => view.Placement?.AvailabilityZone),
    'network-interface.group-id': of((view) =>
      (view.SecurityGroups ?? []).flatMap((group) => group.GroupId ?? []),
    ),
    'network-interface.mac-address': face((each) => each.MacAddress),
    'network-interface.owner-id': face((each) => each.OwnerId),
    'network-interface.private-dns-name': face((each) => each.PrivateDnsName),
    'network-interface.status': face((each) => each.Status),
  }
}

/** Filters of EC2 that nothing here can meet. */
const absent = [
  'affinity',
  'boot-mode',
  'capacity-reservation-id',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id',
  'capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn',
  'network-interface.addresses.association.carrier-ip',
  'network-interface.addresses.association.customer-owned-ip',
  'network-interface.association.carrier-ip',
  'network-interface.association.customer-owned-ip',
  'network-interface.deny-all-igw-traffic',
  'network-interface.ipv4-prefixes.ipv4-prefix',
  'network-interface.ipv6-address',
  'network-interface.ipv6-addresses.is-primary-ipv6',
  'network-interface.ipv6-native',
  'network-interface.ipv6-prefixes.ipv6-prefix',
  'network-interface.operator.principal',
  'network-interface.outpost-arn',
  'network-interface.requester-id',
  'network-interface.tag-key',
  'network-interface.tag-value',
  'network-performance-options.bandwidth-weighting',
  'operator.principal',
  'placement-partition-number',
  'tpm-support',
  'host-id',
  'ipv6-address',
  'kernel-id',
  'network-interface.ipv6-addresses.ipv6-address',
  'outpost-arn',
  'placement-group-name',
  'platform',
  'product-code',
  'product-code.type',
  'ramdisk-id',
  'requester-id',
]
