import type {
  InstanceMetadataOptionsRequest,
  InstanceNetworkInterfaceSpecification,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2'
import type { LaunchSettings } from '../../compute/launch-templates.ts'
import { is } from '../../wire/accept.ts'
import { cpuCreditsOf } from './cpu-credits.ts'
import { invalidCombination, invalidParameterValue, unsupportedResourceType } from './errors.ts'
import { deviceContent, deviceSettings, type GivenDevice } from './block-devices.ts'
import { anyTags, tagSpecifications } from './input.ts'
import { marketContent, marketMembers, spotResource, spotTermsOf } from './market-options.ts'

/** The members of a block device mapping, for launches and images. */
export const ebsMembers = {
  DeviceName: true,
  NoDevice: true,
  Ebs: {
    DeleteOnTermination: true,
    Iops: true,
    Throughput: true,
    SnapshotId: true,
    VolumeSize: true,
    VolumeType: true,
    Encrypted: is(false),
  },
} as const

/** The members that launches and launch templates share. */
export const launchMembers = {
  ImageId: true,
  InstanceType: true,
  KeyName: true,
  SecurityGroupIds: true,
  SecurityGroups: true,
  UserData: true,
  IamInstanceProfile: { Arn: true, Name: true },
  NetworkInterfaces: {
    DeviceIndex: is(0),
    NetworkCardIndex: is(0),
    AssociatePublicIpAddress: true,
    Groups: true,
    SubnetId: true,
    PrivateIpAddress: true,
    DeleteOnTermination: is(true),
    InterfaceType: is('interface'),
    Description: is(''),
  },
  TagSpecifications: tagSpecifications,
  MetadataOptions: {
    HttpTokens: true,
    HttpEndpoint: true,
    InstanceMetadataTags: true,
    HttpPutResponseHopLimit: true,
    HttpProtocolIpv6: is('disabled'),
  },
  Monitoring: { Enabled: true },
  BlockDeviceMappings: ebsMembers,
  InstanceInitiatedShutdownBehavior: true,
  DisableApiTermination: true,
  DisableApiStop: true,
  EbsOptimized: true,
  CreditSpecification: { CpuCredits: true },
  InstanceMarketOptions: marketMembers,
} as const

/** What a launch says, whether in a request of its own or in a template. */
type LaunchInput = Omit<
  RequestLaunchTemplateData,
  'Placement' | 'Monitoring' | 'LicenseSpecifications' | 'BlockDeviceMappings'
> & {
  Monitoring?: { Enabled?: boolean | undefined } | undefined
  BlockDeviceMappings?: GivenDevice[] | undefined
  Placement?: { AvailabilityZone?: string | undefined; Tenancy?: string | undefined } | undefined
}

/** EC2's words → the engine's. What is absent stays absent, so that settings can lie over each other. */
export function settingsOf(input: LaunchInput): LaunchSettings {
  const tags = taggedAs(input, 'instance')
  const volumeTags = taggedAs(input, 'volume')
  const profile = input.IamInstanceProfile
  return {
    ...given('imageId', input.ImageId),
    ...given('instanceType', input.InstanceType),
    ...given('keyName', input.KeyName),
    ...given('securityGroupIds', nonEmpty(input.SecurityGroupIds)),
    ...given('securityGroupNames', nonEmpty(input.SecurityGroups)),
    ...given('userData', input.UserData),
    ...given('instanceProfile', profile?.Arn ?? profile?.Name),
    ...given('zone', input.Placement?.AvailabilityZone),
    ...given('shutdownBehavior', shutdownBehaviorOf(input.InstanceInitiatedShutdownBehavior)),
    ...given('isProtected', input.DisableApiTermination),
    ...given('isStopProtected', input.DisableApiStop),
    ...given('isMonitored', input.Monitoring?.Enabled),
    ...given('cpuCredits', creditsGiven(input.CreditSpecification?.CpuCredits)),
    ...deviceSettings(input.BlockDeviceMappings, volumeTags),
    ...given('ebsOptimized', input.EbsOptimized),
    ...given('spot', spotTermsOf(input.InstanceMarketOptions, taggedAs(input, spotResource))),
    ...given('tags', tags),
    ...given('volumeTags', volumeTags),
    ...given('interfaceTags', taggedAs(input, interfaceResource)),
    ...metadataSettings(input.MetadataOptions),
    ...interfaceSettings(input),
  }
}

function given<Name extends string, T>(name: Name, value: T | undefined) {
  return (value === undefined || value === '' ? {} : { [name]: value }) as { [K in Name]?: T }
}

function nonEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list && list.length > 0 ? list : undefined
}

function shutdownBehaviorOf(text: string | undefined): 'stop' | 'terminate' | undefined {
  if (text === undefined || text === 'stop' || text === 'terminate') return text
  throw invalidParameterValue(text, 'instanceInitiatedShutdownBehavior')
}

function creditsGiven(text: string | undefined) {
  return text === undefined ? undefined : cpuCreditsOf(text)
}

/** How far from a machine its metadata may be read, in hops. */
const hopLimits = { least: 1, most: 64 } as const

/** What requests say of how metadata is reached; absent stays absent. */
export function metadataSettings(
  options: InstanceMetadataOptionsRequest | undefined,
): Pick<
  LaunchSettings,
  'metadataTokens' | 'metadataEnabled' | 'metadataTags' | 'metadataHopLimit'
> {
  const { HttpTokens: tokens, HttpEndpoint, InstanceMetadataTags } = options ?? {}
  const hops = options?.HttpPutResponseHopLimit
  if (hops !== undefined && (hops < hopLimits.least || hops > hopLimits.most)) {
    throw invalidParameterValue(String(hops), 'HttpPutResponseHopLimit')
  }
  if (tokens !== undefined && tokens !== 'required' && tokens !== 'optional') {
    throw invalidParameterValue(tokens, 'HttpTokens')
  }
  return {
    ...given('metadataTokens', tokens),
    ...given('metadataEnabled', isOn(HttpEndpoint, 'HttpEndpoint')),
    ...given('metadataTags', isOn(InstanceMetadataTags, 'InstanceMetadataTags')),
    ...given('metadataHopLimit', hops),
  }
}

function isOn(word: string | undefined, parameter: string): boolean | undefined {
  if (word === undefined) return undefined
  if (word !== 'enabled' && word !== 'disabled') throw invalidParameterValue(word, parameter)
  return word === 'enabled'
}

/** At most one interface, the first; groups are then to be its own. */
function interfaceSettings(input: LaunchInput): LaunchSettings {
  const [first, ...others]: InstanceNetworkInterfaceSpecification[] = input.NetworkInterfaces ?? []
  if (!first) return {}
  if (others.length > 0) throw invalidParameterValue(String(others.length + 1), 'NetworkInterfaces')
  if (nonEmpty(input.SecurityGroupIds) ?? nonEmpty(input.SecurityGroups)) {
    throw invalidCombination(
      'Network interfaces and an instance-level security groups may not be specified on the same request',
    )
  }
  return {
    hasInterface: true,
    ...given('associatePublicAddress', first.AssociatePublicIpAddress),
    ...given('securityGroupIds', nonEmpty(first.Groups)),
    ...given('subnetId', first.SubnetId),
    ...given('privateAddress', first.PrivateIpAddress),
  }
}

const interfaceResource = 'network-interface' as const

/** What comes into being with an instance is tagged with it. */
function taggedAs(input: LaunchInput, resourceType: string) {
  const known = ['instance', 'volume', interfaceResource, spotResource]
  const foreign = input.TagSpecifications?.find((each) => !known.includes(each.ResourceType ?? ''))
  if (foreign) throw unsupportedResourceType(foreign.ResourceType ?? '')
  const matching = input.TagSpecifications?.filter((each) => each.ResourceType === resourceType)
  return nonEmpty(matching?.flatMap((each) => anyTags(each.Tags)))
}

/** The engine's words → EC2's, as DescribeLaunchTemplateVersions shows them. */
export function templateContent(settings: LaunchSettings): ResponseLaunchTemplateData {
  const { instanceProfile, tags, volumeTags, interfaceTags, spot } = settings
  const devices = deviceContent(settings)
  const specifications = [
    ...(tags?.length ? [{ ResourceType: 'instance' as const, Tags: [...tags] }] : []),
    ...(volumeTags ? [{ ResourceType: 'volume' as const, Tags: [...volumeTags] }] : []),
    ...(interfaceTags ? [{ ResourceType: interfaceResource, Tags: [...interfaceTags] }] : []),
    ...(spot?.tags ? [{ ResourceType: spotResource, Tags: [...spot.tags] }] : []),
  ]
  const profileMember = instanceProfile?.startsWith('arn:') ? 'Arn' : 'Name'
  const profile = instanceProfile === undefined ? undefined : { [profileMember]: instanceProfile }
  return {
    ...given('ImageId', settings.imageId),
    ...given('InstanceType', settings.instanceType as ResponseLaunchTemplateData['InstanceType']),
    ...given('KeyName', settings.keyName),
    ...given('SecurityGroups', settings.securityGroupNames && [...settings.securityGroupNames]),
    ...given('UserData', settings.userData),
    ...given('IamInstanceProfile', profile),
    ...given('InstanceInitiatedShutdownBehavior', settings.shutdownBehavior),
    ...given('DisableApiTermination', settings.isProtected),
    ...given('DisableApiStop', settings.isStopProtected),
    ...given('Monitoring', monitoringContent(settings.isMonitored)),
    ...(devices.length > 0 && { BlockDeviceMappings: devices }),
    ...given('EbsOptimized', settings.ebsOptimized),
    ...given('InstanceMarketOptions', spot && marketContent(spot)),
    ...given('CreditSpecification', settings.cpuCredits && { CpuCredits: settings.cpuCredits }),
    ...given('Placement', settings.zone ? { AvailabilityZone: settings.zone } : undefined),
    ...given('TagSpecifications', nonEmpty(specifications) && specifications),
    ...given('MetadataOptions', metadataContent(settings)),
    ...groupContent(settings),
  }
}

/** Groups are shown where they came: in the interface, or beside it. */
function groupContent(settings: LaunchSettings): ResponseLaunchTemplateData {
  const groups = settings.securityGroupIds && [...settings.securityGroupIds]
  if (settings.hasInterface !== true) return given('SecurityGroupIds', groups)
  return {
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        ...given('AssociatePublicIpAddress', settings.associatePublicAddress),
        ...given('Groups', groups),
        ...given('SubnetId', settings.subnetId),
        ...given('PrivateIpAddress', settings.privateAddress),
      },
    ],
  }
}

function metadataContent(settings: LaunchSettings) {
  const { metadataTokens, metadataEnabled, metadataTags, metadataHopLimit } = settings
  const word = (isOn: boolean | undefined) =>
    isOn === undefined ? undefined : isOn ? ('enabled' as const) : ('disabled' as const)
  const content = {
    ...given('HttpTokens', metadataTokens),
    ...given('HttpPutResponseHopLimit', metadataHopLimit),
    ...given('HttpEndpoint', word(metadataEnabled)),
    ...given('InstanceMetadataTags', word(metadataTags)),
  }
  return Object.keys(content).length === 0 ? undefined : content
}

function monitoringContent(isOn: boolean | undefined) {
  return isOn === undefined ? undefined : { Enabled: isOn }
}

/** The members of a template's content. */
export const settingsInTemplate = {
  ...launchMembers,
  Placement: { AvailabilityZone: true, Tenancy: is('default') },
} as const
