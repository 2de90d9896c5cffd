import { is } from '../../../wire/accept.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const modifySubnetAttribute: Ec2Operation<'ModifySubnetAttribute'> = {
  accepts: {
    SubnetId: true,
    MapPublicIpOnLaunch: { Value: true },
    AssignIpv6AddressOnCreation: { Value: is(false) },
    EnableDns64: { Value: is(false) },
    EnableResourceNameDnsARecordOnLaunch: { Value: is(false) },
    EnableResourceNameDnsAAAARecordOnLaunch: { Value: is(false) },
    PrivateDnsHostnameTypeOnLaunch: is('ip-name'),
  },
  async handle(input, { scope }, { network }) {
    const assigns = input.MapPublicIpOnLaunch?.Value
    const subnetId = required(input.SubnetId, 'subnetId')
    await network.catalogue.changeSubnet(scope, subnetId, (subnet) =>
      assigns === undefined ? subnet : { ...subnet, assignsPublicAddress: assigns },
    )
    return {}
  },
}
