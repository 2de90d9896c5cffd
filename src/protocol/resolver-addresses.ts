import { metadataAddress } from './network.ts'

/** Where a VPC's resolver answers besides its own range, as on AWS. */
const resolverAddress = '169.254.169.253'

/** The addresses of a VPC's resolver: the link-local ones, and the third of the VPC's own range, which no subnet gives away. */
export function resolverAddresses(vpcCidr: string): readonly string[] {
  const [address = ''] = vpcCidr.split('/')
  const parts = address.split('.').map(Number)
  const last = parts.pop()
  const own = parts.length === 3 && last !== undefined ? [[...parts, last + 2].join('.')] : []
  return [metadataAddress, resolverAddress, ...own]
}
