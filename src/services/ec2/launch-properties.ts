import { tagProperties } from './stack-call.ts'

/** What launch templates and instances share, as templates write it. */
const sharedLaunchProperties = {
  ImageId: 'string',
  InstanceType: 'string',
  KeyName: 'string',
  SecurityGroupIds: true,
  SecurityGroups: true,
  UserData: 'string',
  InstanceInitiatedShutdownBehavior: 'string',
  DisableApiTermination: 'boolean',
  BlockDeviceMappings: {
    DeviceName: 'string',
    Ebs: {
      DeleteOnTermination: 'boolean',
      Encrypted: 'boolean',
      Iops: 'number',
      SnapshotId: 'string',
      Throughput: 'number',
      VolumeSize: 'number',
      VolumeType: 'string',
    },
  },
  EbsOptimized: 'boolean',
  MetadataOptions: {
    HttpTokens: 'string',
    HttpEndpoint: 'string',
    InstanceMetadataTags: 'string',
    HttpPutResponseHopLimit: 'number',
    HttpProtocolIpv6: 'string',
  },
} as const

const interfaceProperties = {
  DeviceIndex: 'number',
  AssociatePublicIpAddress: 'boolean',
  SubnetId: 'string',
  PrivateIpAddress: 'string',
  DeleteOnTermination: 'boolean',
  Description: 'string',
} as const

/** `LaunchTemplateData` */
export const launchDataProperties = {
  ...sharedLaunchProperties,
  CreditSpecification: { CpuCredits: 'string' },
  IamInstanceProfile: { Arn: 'string', Name: 'string' },
  Monitoring: { Enabled: 'boolean' },
  Placement: { AvailabilityZone: 'string', Tenancy: 'string' },
  NetworkInterfaces: { ...interfaceProperties, Groups: true },
  InstanceMarketOptions: {
    MarketType: 'string',
    SpotOptions: {
      InstanceInterruptionBehavior: 'string',
      MaxPrice: 'string',
      SpotInstanceType: 'string',
    },
  },
  TagSpecifications: { ResourceType: 'string', Tags: tagProperties },
} as const

/** `AWS::EC2::Instance` */
export const instanceProperties = {
  ...sharedLaunchProperties,
  // CloudFormation's own spelling of it.
  CreditSpecification: { CPUCredits: 'string' },
  AvailabilityZone: 'string',
  SubnetId: 'string',
  PrivateIpAddress: 'string',
  IamInstanceProfile: 'string',
  Monitoring: 'boolean',
  Tenancy: 'string',
  NetworkInterfaces: { ...interfaceProperties, GroupSet: true },
  LaunchTemplate: {
    LaunchTemplateId: 'string',
    LaunchTemplateName: 'string',
    Version: 'string',
  },
  Tags: tagProperties,
} as const
