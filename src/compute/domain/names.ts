import { urlSuffixOf } from '../../kernel/scope.ts'

/** `ip-10-0-0-5.ec2.internal`; outside us-east-1 with the region's own suffix. */
export function privateDnsName(region: string, address: string): string {
  return `${hostnameOf(address)}.${privateDomain(region)}`
}

/** What the private names of a region end in. */
export function privateDomain(region: string): string {
  return region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`
}

export function publicDnsName(region: string, address: string): string {
  return `ec2-${address.replaceAll('.', '-')}.${publicDomain(region)}`
}

/** What the public names of a region end in. */
export function publicDomain(region: string): string {
  const zone = region === 'us-east-1' ? 'compute-1' : `${region}.compute`
  return `${zone}.${urlSuffixOf(region)}`
}

export function hostnameOf(address: string): string {
  return `ip-${address.replaceAll('.', '-')}`
}

/** `us-east-1a` → `use1-az1`, `ap-southeast-2c` → `apse2-az3`. */
export function zoneIdOf(zone: string): string {
  const region = zone.slice(0, -1)
  const parts = region.split('-')
  const number = parts.pop() ?? ''
  const [area = '', ...directions] = parts
  const short = directions
    .join('')
    .replace(/(north|south|east|west|central|gov)/g, (word) => word[0] ?? '')
  return `${area}${short}${number}-az${zone.charCodeAt(zone.length - 1) - 96}`
}
