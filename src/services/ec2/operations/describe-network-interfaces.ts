import type { InterfaceView } from '../../../network/interfaces.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { securityGroups, networkInterfaces } from '../../../network/records.ts'
import { filtered, paged, chosen, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { interfaceView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

const fields: FilterFields<InterfaceView> = {
  'network-interface-id': (view) => view.interfaceId,
  'vpc-id': (view) => view.vpcId,
  'subnet-id': (view) => view.subnetId,
  'availability-zone': (view) => view.zone,
  'private-ip-address': (view) => view.address,
  'addresses.private-ip-address': (view) => view.address,
  'association.public-ip': (view) => view.publicAddress,
  'group-id': (view) => view.securityGroupIds,
  'attachment.instance-id': (view) => view.machineId,
  'mac-address': (view) => view.macAddress,
  description: (view) => view.description,
  status: (view) => (view.machineId === undefined ? 'available' : 'in-use'),
}

export const describeNetworkInterfaces: Ec2Operation<'DescribeNetworkInterfaces'> = {
  accepts: { NetworkInterfaceIds: true, ...describing },
  async handle(input, { scope }, { store }) {
    const all = await valuesOf(store, networkInterfaces, scope)
    const wanted = chosen(all, input.NetworkInterfaceIds, {
      idOf: (view) => view.interfaceId,
      missing: (id) => notFound(networkInterfaces, id),
    })
    const shown = filtered(wanted, input.Filters, fields)
    const { items, ...page } = paged(shown, (view) => view.interfaceId, input)
    const groups = await valuesOf(store, securityGroups, scope)
    const groupNames = new Map(groups.map((group) => [group.groupId, group.name]))
    return {
      NetworkInterfaces: items.map((view) => interfaceView(view, { scope, groupNames })),
      ...page,
    }
  },
}
