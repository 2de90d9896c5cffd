import type { NetworkInterface, NetworkInterfaceAttachment } from '@aws-sdk/client-ec2'
import { privateDnsName, zoneIdOf } from '../../../compute/domain/names.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { InterfaceView } from '../../../network/interfaces.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { securityGroups, networkInterfaces } from '../../../network/records.ts'
import { filtered, metByNothing, paged, chosen, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { attachmentIdOf, interfaceView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

const fieldsOf = (scope: Scope): FilterFields<InterfaceView> => ({
  ...shownFields(scope),
  'network-interface-id': (view) => view.interfaceId,
  'vpc-id': (view) => view.vpcId,
  'subnet-id': (view) => view.subnetId,
  'availability-zone': (view) => view.zone,
  'private-ip-address': (view) => view.address,
  'addresses.private-ip-address': (view) => view.address,
  'association.public-ip': (view) => view.publicAddress,
  'group-id': (view) => view.securityGroupIds,
  'owner-id': () => scope.account,
  'private-dns-name': (view) => privateDnsName(scope.region, view.address),
  'addresses.association.public-ip': (view) => view.publicAddress,
  'association.allocation-id': (view) => view.allocationId,
  'attachment.attachment-id': (view) => view.machineId && attachmentIdOf(view.interfaceId),
  'attachment.status': (view) => view.machineId && 'attached',
  'attachment.instance-id': (view) => view.machineId,
  'mac-address': (view) => view.macAddress,
  status: (view) => (view.machineId === undefined ? 'available' : 'in-use'),
  'source-dest-check': () => 'true',
})

/** Filters that ask for what an interface is shown with. */
function shownFields(scope: Scope): FilterFields<InterfaceView> {
  const shown = (view: InterfaceView): NetworkInterface =>
    interfaceView(view, { scope, groupNames: new Map() })
  const owner = (view: InterfaceView) => shown(view).Association?.IpOwnerId
  const attached =
    (read: (attachment: NetworkInterfaceAttachment) => boolean | number | string | undefined) =>
    (view: InterfaceView) => {
      const { Attachment: attachment } = shown(view)
      return attachment && String(read(attachment))
    }
  return {
    'addresses.association.owner-id': owner,
    'addresses.primary': () => 'true',
    'association.ip-owner-id': owner,
    'attachment.delete-on-termination': attached((each) => each.DeleteOnTermination),
    'attachment.device-index': attached((each) => each.DeviceIndex),
    'attachment.instance-owner-id': attached((each) => each.InstanceOwnerId),
    'availability-zone-id': (view) => zoneIdOf(view.zone),
    'operator.managed': () => 'false',
    'requester-managed': (view) => String(shown(view).RequesterManaged),
    'requester-id': (view) => shown(view).RequesterId,
    'interface-type': (view) => shown(view).InterfaceType,
    description: (view) => shown(view).Description,
    // An interface's own time of attachment and public name are not shown either.
    ...metByNothing('ipv6-addresses.ipv6-address', 'operator.principal'),
  }
}

export const describeNetworkInterfaces: Ec2Operation<'DescribeNetworkInterfaces'> = {
  accepts: { NetworkInterfaceIds: true, ...describing },
  async handle(input, { scope }, { store }) {
    const all = await valuesOf(store, networkInterfaces, scope)
    const wanted = chosen(all, input.NetworkInterfaceIds, {
      idOf: (view) => view.interfaceId,
      missing: (id) => notFound(networkInterfaces, id),
    })
    const shown = filtered(wanted, input.Filters, fieldsOf(scope))
    const { items, ...page } = paged(shown, (view) => view.interfaceId, input)
    const groups = await valuesOf(store, securityGroups, scope)
    const groupNames = new Map(groups.map((group) => [group.groupId, group.name]))
    return {
      NetworkInterfaces: items.map((view) => interfaceView(view, { scope, groupNames })),
      ...page,
    }
  },
}
