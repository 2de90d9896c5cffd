import type { InstanceTypeInfo, _InstanceType } from '@aws-sdk/client-ec2'
import type { InstanceSize } from '../../../compute/domain/instance-sizes.ts'
import { instanceSizes } from '../../../compute/domain/instance-sizes.ts'
import { instanceTypeNotFound } from '../errors.ts'
import { filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

/** EC2 gives a hundred at once. */
const pageMax = 100

export const describeInstanceTypes: Ec2Operation<'DescribeInstanceTypes'> = {
  accepts: { InstanceTypes: true, ...describing },
  async handle(input) {
    const names = input.InstanceTypes ?? []
    const unknown = names.filter((name) => !instanceSizes.has(name))
    if (unknown.length > 0) throw instanceTypeNotFound(unknown)
    const all = [...instanceSizes.values()].map((size) => ({ ...size, tags: [] }))
    const wanted = names.length > 0 ? all.filter((size) => names.some((n) => n === size.name)) : all
    const shown = filtered(wanted, input.Filters, {
      'instance-type': (size) => size.name,
      'current-generation': (size) => String(size.isCurrent),
      'vcpu-info.default-vcpus': (size) => String(size.vcpus),
      'memory-info.size-in-mib': (size) => String(size.memoryMebibytes),
      'processor-info.supported-architecture': (size) => size.architecture,
      'bare-metal': () => 'false',
      'burstable-performance-supported': (size) => String(size.name.startsWith('t')),
      'free-tier-eligible': () => 'false',
      'instance-storage-supported': () => 'false',
      'supported-root-device-type': () => 'ebs',
      'supported-usage-class': () => 'on-demand',
      'supported-virtualization-type': () => 'hvm',
    })
    const MaxResults = Math.min(input.MaxResults ?? pageMax, pageMax)
    const { items, ...page } = paged(shown, (size) => size.name, { ...input, MaxResults })
    return { InstanceTypes: items.map(sizeView), ...page }
  },
}

function sizeView(size: InstanceSize): InstanceTypeInfo {
  return {
    InstanceType: size.name as _InstanceType,
    CurrentGeneration: size.isCurrent,
    BareMetal: false,
    BurstablePerformanceSupported: size.name.startsWith('t'),
    SupportedUsageClasses: ['on-demand'],
    SupportedVirtualizationTypes: ['hvm'],
    SupportedRootDeviceTypes: ['ebs'],
    ProcessorInfo: { SupportedArchitectures: [size.architecture] },
    VCpuInfo: { DefaultVCpus: size.vcpus, DefaultCores: size.vcpus, DefaultThreadsPerCore: 1 },
    MemoryInfo: { SizeInMiB: size.memoryMebibytes },
    FreeTierEligible: false,
    Hypervisor: 'nitro',
    InstanceStorageSupported: false,
    EbsInfo: {
      EbsOptimizedSupport: 'default',
      EncryptionSupport: 'unsupported',
      NvmeSupport: 'unsupported',
    },
    PlacementGroupInfo: { SupportedStrategies: [] },
    HibernationSupported: false,
    DedicatedHostsSupported: false,
    AutoRecoverySupported: true,
    SupportedBootModes: ['legacy-bios', 'uefi'],
    NetworkInfo: {
      EnaSupport: 'supported',
      MaximumNetworkInterfaces: 1,
      Ipv4AddressesPerInterface: 1,
      Ipv6AddressesPerInterface: 0,
      Ipv6Supported: false,
    },
  }
}
