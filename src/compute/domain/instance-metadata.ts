import { isoSeconds, isoTime } from '../../kernel/clock.ts'
import { partitionOf, urlSuffixOf, type Scope } from '../../kernel/scope.ts'
import type { InstanceMetadata } from '../../protocol/edge.ts'
import type { Instance } from '../instance.ts'
import { instanceSizes } from './instance-sizes.ts'
import { interruptionLeaves } from './spot.ts'
import { privateDnsName, publicDnsName, zoneIdOf } from './names.ts'

/** What an instance's metadata tells besides its own record. */
export interface MetadataSurroundings {
  readonly scope: Scope
  readonly vpcCidr: string
  readonly subnetCidr: string
  readonly hasPublicDns: boolean
  readonly securityGroupNames: readonly string[]
  /** Of its volumes but the root volume: `/dev/sdf`. */
  readonly devices: readonly string[]
  readonly publicKey?: string
  readonly profile?: { readonly arn: string; readonly id: string; readonly roleName?: string }
  /** The state that its Auto Scaling group brings it to; absent of an instance of no group. */
  readonly lifecycleTarget?: string
}

/** Where the root volume is attached, as every image here has it. */
export const rootDevice = '/dev/xvda'
export const identityDocumentPath = 'dynamic/instance-identity/document'

/** All that 169.254.169.254 answers for an instance, by path (AWS: "Instance metadata categories"). */
export function instanceMetadata(
  instance: Instance,
  around: MetadataSurroundings,
): InstanceMetadata {
  const leaves: Record<string, string> = {
    ...metaData(instance, around),
    ...networkLeaves(instance, around),
    [identityDocumentPath]: identityDocument(instance, around.scope),
    'dynamic/fws/instance-monitoring': instance.isMonitored === true ? 'enabled' : 'disabled',
  }
  return {
    instanceId: instance.instanceId,
    address: instance.privateAddress,
    tokens: instance.metadataTokens,
    enabled: instance.metadataEnabled !== false,
    leaves,
    ...(instance.userData !== undefined && { userData: instance.userData }),
    ...(around.profile?.roleName !== undefined && { roleName: around.profile.roleName }),
  }
}

function metaData(instance: Instance, around: MetadataSurroundings): Record<string, string> {
  const { region } = around.scope
  const name = privateDnsName(region, instance.privateAddress)
  const leaves: Record<string, string> = {
    'ami-id': instance.imageId,
    'ami-launch-index': String(instance.launchIndex),
    'ami-manifest-path': '(unknown)',
    'block-device-mapping/ami': rootDevice,
    'block-device-mapping/root': rootDevice,
    'events/maintenance/history': '[]',
    'events/maintenance/scheduled': '[]',
    'hibernation/configured': 'false',
    hostname: name,
    'instance-action': 'none',
    'instance-id': instance.instanceId,
    'instance-life-cycle': instance.spot ? 'spot' : 'on-demand',
    'instance-type': instance.instanceType,
    'local-hostname': name,
    'local-ipv4': instance.privateAddress,
    mac: instance.macAddress,
    'placement/availability-zone': instance.zone,
    'placement/availability-zone-id': zoneIdOf(instance.zone),
    'placement/region': region,
    profile: 'default-hvm',
    'reservation-id': instance.reservationId,
    'security-groups': around.securityGroupNames.join('\n'),
    'services/domain': urlSuffixOf(region),
    'services/partition': partitionOf(region),
    system: 'nitro',
    ...interruptionLeaves(instance.interruption),
  }
  for (const [index, device] of around.devices.entries()) {
    // Without the folder, as EC2 tells it: scripts put it before.
    leaves[`block-device-mapping/ebs${index + 1}`] = device.replace(/^\/dev\//, '')
  }
  if (instance.publicAddress !== undefined) {
    leaves['public-ipv4'] = instance.publicAddress
    if (around.hasPublicDns)
      leaves['public-hostname'] = publicDnsName(region, instance.publicAddress)
  }
  if (around.publicKey !== undefined) {
    // EC2's own way to list keys: number and name, and no slash.
    leaves['public-keys'] = `0=${instance.keyName}`
    leaves['public-keys/0/openssh-key'] = around.publicKey
  }
  if (around.profile) {
    leaves['iam/info'] = JSON.stringify({
      Code: 'Success',
      LastUpdated: isoTime(instance.launchedAt),
      InstanceProfileArn: around.profile.arn,
      InstanceProfileId: around.profile.id,
    })
  }
  if (around.lifecycleTarget !== undefined) {
    leaves['autoscaling/target-lifecycle-state'] = around.lifecycleTarget
  }
  if (instance.metadataTags === true) {
    for (const tag of instance.tags) leaves[`tags/instance/${tag.Key}`] = tag.Value
  }
  return under('meta-data/', leaves)
}

function networkLeaves(instance: Instance, around: MetadataSurroundings): Record<string, string> {
  const { region, account } = around.scope
  const name = privateDnsName(region, instance.privateAddress)
  const leaves: Record<string, string> = {
    'device-number': '0',
    'interface-id': instance.interfaceId,
    'local-hostname': name,
    'local-ipv4s': instance.privateAddress,
    mac: instance.macAddress,
    'owner-id': account,
    'security-group-ids': instance.securityGroupIds.join('\n'),
    'security-groups': around.securityGroupNames.join('\n'),
    'subnet-id': instance.subnetId,
    'subnet-ipv4-cidr-block': around.subnetCidr,
    'vpc-id': instance.vpcId,
    'vpc-ipv4-cidr-block': around.vpcCidr,
    'vpc-ipv4-cidr-blocks': around.vpcCidr,
  }
  const { publicAddress } = instance
  if (publicAddress !== undefined) {
    leaves['public-ipv4s'] = publicAddress
    leaves[`ipv4-associations/${publicAddress}`] = instance.privateAddress
    if (around.hasPublicDns) leaves['public-hostname'] = publicDnsName(region, publicAddress)
  }
  return under(`meta-data/network/interfaces/macs/${instance.macAddress}/`, leaves)
}

/** The members and their order are AWS's. */
function identityDocument(instance: Instance, scope: Scope): string {
  const document = {
    accountId: scope.account,
    architecture: instanceSizes.get(instance.instanceType)?.architecture ?? 'x86_64',
    availabilityZone: instance.zone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: instance.imageId,
    instanceId: instance.instanceId,
    instanceType: instance.instanceType,
    kernelId: null,
    pendingTime: isoSeconds(instance.launchedAt),
    privateIp: instance.privateAddress,
    ramdiskId: null,
    region: scope.region,
    version: '2017-09-30',
  }
  return JSON.stringify(document, null, 2)
}

function under(path: string, leaves: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(leaves).map(([key, value]) => [path + key, value]))
}
