import type {
  Instance as AwsInstance,
  InstanceMetadataOptionsResponse,
  InstanceState as AwsState,
} from '@aws-sdk/client-ec2'
import type { Instance, InstanceState } from '../../compute/instance.ts'
import { instanceSizes } from '../../compute/domain/instance-sizes.ts'
import { privateDnsName, publicDnsName, zoneIdOf } from '../../compute/domain/names.ts'
import type { Scope } from '../../kernel/scope.ts'
import { securityGroups, vpcs } from '../../network/records.ts'
import { valuesOf } from '../../network/lookup.ts'
import { volumes, type Volume } from '../../compute/volume.ts'
import type { Ec2Deps } from './deps.ts'
import { rootVolume } from './volume-view.ts'

const stateCodes: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
}

export function stateOf(state: InstanceState): AwsState {
  return { Code: stateCodes[state], Name: state }
}

/** What instances are shown with besides their own records. */
export interface InstanceSurroundings {
  readonly scope: Scope
  readonly groupNames: ReadonlyMap<string, string>
  readonly publicDnsVpcs: ReadonlySet<string>
  readonly profileIds: ReadonlyMap<string, string>
  /** Attached ones, by instance. */
  readonly volumes: ReadonlyMap<string, readonly Volume[]>
}

export async function instanceSurroundings(
  { store, profiles }: Ec2Deps,
  scope: Scope,
  shown: readonly Instance[],
): Promise<InstanceSurroundings> {
  const [groups, vpcList, volumeList] = await Promise.all([
    valuesOf(store, securityGroups, scope),
    valuesOf(store, vpcs, scope),
    valuesOf(store, volumes, scope),
  ])
  const arns = new Set(shown.flatMap((instance) => instance.instanceProfileArn ?? []))
  const profileIds = new Map<string, string>()
  for (const arn of arns) {
    const profile = await profiles.find(scope, arn)
    if (profile) profileIds.set(arn, profile.id)
  }
  return {
    scope,
    groupNames: new Map(groups.map((group) => [group.groupId, group.name])),
    publicDnsVpcs: new Set(
      vpcList.filter((vpc) => vpc.dnsHostnames && vpc.dnsSupport).map((vpc) => vpc.vpcId),
    ),
    profileIds,
    volumes: Map.groupBy(volumeList, ({ attachment }) => attachment?.instanceId ?? ''),
  }
}

function deviceMappings(instance: Instance, attached: InstanceSurroundings['volumes']) {
  const all = [rootVolume(instance), ...(attached.get(instance.instanceId) ?? [])]
  return all.flatMap(({ volumeId, attachment }) =>
    attachment
      ? [
          {
            DeviceName: attachment.device,
            Ebs: {
              VolumeId: volumeId,
              Status: attachment.state,
              AttachTime: new Date(attachment.attachedAt),
              DeleteOnTermination: attachment.deleteOnTermination,
            },
          },
        ]
      : [],
  )
}

export function instanceView(instance: Instance, around: InstanceSurroundings): AwsInstance {
  const size = instanceSizes.get(instance.instanceType)
  const isGone = instance.state === 'terminated'
  return {
    InstanceId: instance.instanceId,
    ImageId: instance.imageId,
    InstanceType: instance.instanceType as NonNullable<AwsInstance['InstanceType']>,
    AmiLaunchIndex: instance.launchIndex,
    LaunchTime: new Date(instance.launchedAt),
    State: stateOf(instance.state),
    StateTransitionReason: instance.stateTransitionReason ?? '',
    ...(instance.stateReason && {
      StateReason: { Code: instance.stateReason.code, Message: instance.stateReason.message },
    }),
    UsageOperationUpdateTime: new Date(instance.launchedAt),
    Placement: {
      AvailabilityZone: instance.zone,
      AvailabilityZoneId: zoneIdOf(instance.zone),
      GroupName: '',
      Tenancy: 'default',
    },
    Monitoring: { State: instance.isMonitored === true ? 'enabled' : 'disabled' },
    Architecture: size?.architecture ?? 'x86_64',
    VirtualizationType: 'hvm',
    RootDeviceType: 'ebs',
    RootDeviceName: '/dev/xvda',
    BlockDeviceMappings: isGone ? [] : deviceMappings(instance, around.volumes),
    ProductCodes: [],
    ...standard,
    EbsOptimized: instance.ebsOptimized ?? false,
    PlatformDetails: 'Linux/UNIX',
    CpuOptions: { CoreCount: size?.vcpus ?? 1, ThreadsPerCore: 1 },
    MetadataOptions: metadataOptionsView(instance),
    ...(instance.keyName !== undefined && { KeyName: instance.keyName }),
    ...(instance.clientToken !== undefined && { ClientToken: instance.clientToken }),
    ...profileView(instance, around),
    ...(instance.spot && {
      InstanceLifecycle: 'spot' as const,
      SpotInstanceRequestId: instance.spot.requestId,
    }),
    Tags: [...instance.tags],
    ...(isGone
      ? { PrivateDnsName: '', PublicDnsName: '', NetworkInterfaces: [], SecurityGroups: [] }
      : addresses(instance, around)),
  }
}

/** The same for every machine here. */
const standard = {
  Hypervisor: 'xen',
  EnaSupport: true,
  UsageOperation: 'RunInstances',
  CurrentInstanceBootMode: 'legacy-bios',
  CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
  EnclaveOptions: { Enabled: false },
  HibernationOptions: { Configured: false },
  MaintenanceOptions: { AutoRecovery: 'default', RebootMigration: 'default' },
  PrivateDnsNameOptions: {
    HostnameType: 'ip-name',
    EnableResourceNameDnsARecord: false,
    EnableResourceNameDnsAAAARecord: false,
  },
} as const

/** How its metadata is reached, as instances are shown with it. */
export function metadataOptionsView(instance: Instance): InstanceMetadataOptionsResponse {
  return {
    State: 'applied',
    HttpTokens: instance.metadataTokens,
    HttpPutResponseHopLimit: instance.metadataHopLimit ?? 1,
    HttpEndpoint: instance.metadataEnabled === false ? 'disabled' : 'enabled',
    HttpProtocolIpv6: 'disabled',
    InstanceMetadataTags: instance.metadataTags === true ? 'enabled' : 'disabled',
  }
}

function profileView(instance: Instance, around: InstanceSurroundings): Partial<AwsInstance> {
  const arn = instance.instanceProfileArn
  if (arn === undefined) return {}
  const id = around.profileIds.get(arn)
  return { IamInstanceProfile: { Arn: arn, ...(id !== undefined && { Id: id }) } }
}

export function groupViews(ids: readonly string[], groupNames: ReadonlyMap<string, string>) {
  return ids.map((GroupId) => ({ GroupId, GroupName: groupNames.get(GroupId) ?? '' }))
}

/** `''` where the VPC gives no public names, as on EC2. */
export function publicNameOf(instance: Instance, around: InstanceSurroundings): string {
  return instance.publicAddress !== undefined && around.publicDnsVpcs.has(instance.vpcId)
    ? publicDnsName(around.scope.region, instance.publicAddress)
    : ''
}

function addresses(instance: Instance, around: InstanceSurroundings): Partial<AwsInstance> {
  const { account, region } = around.scope
  const privateName = privateDnsName(region, instance.privateAddress)
  const publicName = publicNameOf(instance, around)
  const groups = groupViews(instance.securityGroupIds, around.groupNames)
  const association = instance.publicAddress !== undefined && {
    Association: {
      PublicIp: instance.publicAddress,
      PublicDnsName: publicName,
      IpOwnerId: 'amazon',
    },
  }
  const place = { SubnetId: instance.subnetId, VpcId: instance.vpcId }
  return {
    ...place,
    PrivateIpAddress: instance.privateAddress,
    PrivateDnsName: privateName,
    PublicDnsName: publicName,
    ...(instance.publicAddress !== undefined && { PublicIpAddress: instance.publicAddress }),
    SecurityGroups: groups,
    SourceDestCheck: true,
    NetworkInterfaces: [
      {
        ...place,
        ...association,
        NetworkInterfaceId: instance.interfaceId,
        OwnerId: account,
        Status: 'in-use',
        InterfaceType: 'interface',
        Description: '',
        MacAddress: instance.macAddress,
        PrivateIpAddress: instance.privateAddress,
        PrivateDnsName: privateName,
        SourceDestCheck: true,
        Groups: groups,
        Attachment: {
          AttachmentId: instance.interfaceId.replace('eni-', 'eni-attach-'),
          DeviceIndex: 0,
          NetworkCardIndex: 0,
          Status: 'attached',
          DeleteOnTermination: true,
          AttachTime: new Date(instance.launchedAt),
        },
        PrivateIpAddresses: [
          {
            Primary: true,
            PrivateIpAddress: instance.privateAddress,
            PrivateDnsName: privateName,
            ...association,
          },
        ],
      },
    ],
  }
}
