import { Refusal } from '../../../network/refusal.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { elasticAddresses } from '../../../network/records.ts'
import { addressView } from '../elastic-address.ts'
import { chosen, filtered } from '../filters.ts'
import { filters } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeAddresses: Ec2Operation<'DescribeAddresses'> = {
  accepts: { AllocationIds: true, PublicIps: true, Filters: filters },
  async handle(input, { scope }, { network, store }) {
    const faces = new Map(
      (await network.interfaces.list(scope)).map((view) => [view.interfaceId, view]),
    )
    const all = (await valuesOf(store, elasticAddresses, scope)).map((address) => ({
      tags: address.tags,
      view: addressView(address, { scope, faces }),
    }))
    const byId = chosen(all, input.AllocationIds, {
      idOf: ({ view }) => view.AllocationId ?? '',
      missing: (id) => notFound(elasticAddresses, id),
    })
    const wanted = chosen(byId, input.PublicIps, {
      idOf: ({ view }) => view.PublicIp ?? '',
      missing: (ip) => new Refusal('InvalidAddress.NotFound', `Address '${ip}' not found.`),
    })
    const shown = filtered(wanted, input.Filters, {
      'allocation-id': ({ view }) => view.AllocationId,
      'association-id': ({ view }) => view.AssociationId,
      domain: ({ view }) => view.Domain,
      'instance-id': ({ view }) => view.InstanceId,
      'network-border-group': ({ view }) => view.NetworkBorderGroup,
      'network-interface-id': ({ view }) => view.NetworkInterfaceId,
      'network-interface-owner-id': ({ view }) => view.NetworkInterfaceOwnerId,
      'private-ip-address': ({ view }) => view.PrivateIpAddress,
      'public-ip': ({ view }) => view.PublicIp,
    })
    return { Addresses: shown.map(({ view }) => view) }
  },
}
