import type { InstanceTypeInfo, _InstanceType } from '@aws-sdk/client-ec2'
import type { InstanceSize } from '../../../compute/domain/instance-sizes.ts'
import { instanceSizes } from '../../../compute/domain/instance-sizes.ts'
import { instanceTypeNotFound } from '../errors.ts'
import { filtered, metByNothing, paged, type FilterFields } from '../filters.ts'
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
      ...shownFields,
    })
    const MaxResults = Math.min(input.MaxResults ?? pageMax, pageMax)
    const { items, ...page } = paged(shown, (size) => size.name, { ...input, MaxResults })
    return { InstanceTypes: items.map(sizeView), ...page }
  },
}

const shown =
  (read: (view: InstanceTypeInfo) => boolean | number | string | readonly string[] | undefined) =>
  (size: InstanceSize): string | readonly string[] | undefined => {
    const value = read(sizeView(size))
    return typeof value === 'boolean' || typeof value === 'number' ? String(value) : value
  }

/** Filters that ask for what a type is shown with; what no type here has, no type is found by. */
const shownFields: FilterFields<InstanceSize> = {
  'auto-recovery-supported': shown((view) => view.AutoRecoverySupported),
  'dedicated-hosts-supported': shown((view) => view.DedicatedHostsSupported),
  'ebs-info.ebs-optimized-support': shown((view) => view.EbsInfo?.EbsOptimizedSupport),
  'ebs-info.encryption-support': shown((view) => view.EbsInfo?.EncryptionSupport),
  'ebs-info.nvme-support': shown((view) => view.EbsInfo?.NvmeSupport),
  'hibernation-supported': shown((view) => view.HibernationSupported),
  hypervisor: shown((view) => view.Hypervisor),
  'network-info.ena-support': shown((view) => view.NetworkInfo?.EnaSupport),
  'network-info.ipv4-addresses-per-interface': shown(
    (view) => view.NetworkInfo?.Ipv4AddressesPerInterface,
  ),
  'network-info.ipv6-addresses-per-interface': shown(
    (view) => view.NetworkInfo?.Ipv6AddressesPerInterface,
  ),
  'network-info.ipv6-supported': shown((view) => view.NetworkInfo?.Ipv6Supported),
  'network-info.maximum-network-interfaces': shown(
    (view) => view.NetworkInfo?.MaximumNetworkInterfaces,
  ),
  'supported-boot-mode': shown((view) => view.SupportedBootModes),
  'vcpu-info.default-cores': shown((view) => view.VCpuInfo?.DefaultCores),
  'vcpu-info.default-threads-per-core': shown((view) => view.VCpuInfo?.DefaultThreadsPerCore),
  ...metByNothing(
    'instance-storage-info.disk.count',
    'instance-storage-info.disk.size-in-gb',
    'instance-storage-info.disk.type',
    'instance-storage-info.encryption-support',
    'instance-storage-info.nvme-support',
    'instance-storage-info.total-size-in-gb',
  ),
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
