import { requireRecord } from '../../../network/lookup.ts'
import { securityGroups, subnets } from '../../../network/records.ts'
import { valuesOf } from '../../../network/lookup.ts'
import { is } from '../../../wire/accept.ts'
import { idOfToken, required, tagsFor, tagSpecifications } from '../input.ts'
import { interfaceView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

/** An address of a subnet that is kept; instances here have their one interface from their launch on. */
export const createNetworkInterface: Ec2Operation<'CreateNetworkInterface'> = {
  accepts: {
    SubnetId: true,
    Groups: true,
    Description: true,
    PrivateIpAddress: true,
    InterfaceType: is('interface'),
    TagSpecifications: tagSpecifications,
    ClientToken: true,
  },
  async handle(input, { scope, id: requestId }, { network, store }) {
    const { ClientToken = requestId, PrivateIpAddress, Groups = [] } = input
    const subnetId = required(input.SubnetId, 'subnetId')
    const { value: subnet } = await requireRecord(store, subnets, scope, subnetId)
    const standard = await network.defaultSecurityGroup(scope, subnet.vpcId)
    const made = await network.interfaces.allocate(scope, {
      interfaceId: idOfToken('eni', ClientToken),
      subnetId,
      securityGroupIds: Groups.length > 0 || standard === undefined ? Groups : [standard],
      publicAddress: false,
      ...(PrivateIpAddress !== undefined && { address: PrivateIpAddress }),
      description: input.Description ?? '',
      tags: tagsFor('network-interface', input.TagSpecifications),
    })
    const groups = await valuesOf(store, securityGroups, scope, subnet.vpcId)
    const groupNames = new Map(groups.map((group) => [group.groupId, group.name]))
    return { NetworkInterface: interfaceView(made, { scope, groupNames }), ClientToken }
  },
}
