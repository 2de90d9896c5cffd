import type { NatGateway } from '../../../network/records.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { natGateways } from '../../../network/records.ts'
import { chosen, filtered, paged, type FilterFields } from '../filters.ts'
import { filters } from '../input.ts'
import { deletedShownMilliseconds, natGatewayView } from '../nat-view.ts'
import type { Ec2Operation } from '../deps.ts'

const fields: FilterFields<NatGateway> = {
  'nat-gateway-id': (gateway) => gateway.natGatewayId,
  'subnet-id': (gateway) => gateway.subnetId,
  'vpc-id': (gateway) => gateway.vpcId,
  state: (gateway) => natGatewayView(gateway).State,
}

export const describeNatGateways: Ec2Operation<'DescribeNatGateways'> = {
  accepts: { NatGatewayIds: true, Filter: filters, NextToken: true, MaxResults: true },
  async handle(input, { scope }, { store, clock }) {
    const since = clock.now() - deletedShownMilliseconds
    const all = (await valuesOf(store, natGateways, scope)).filter(
      (gateway) => (gateway.deletedAt ?? Number.POSITIVE_INFINITY) > since,
    )
    const wanted = chosen(all, input.NatGatewayIds, {
      idOf: (gateway) => gateway.natGatewayId,
      missing: (id) => notFound(natGateways, id),
    })
    const shown = filtered(wanted, input.Filter, fields)
    const { items, ...page } = paged(shown, (gateway) => gateway.natGatewayId, input)
    return { NatGateways: items.map(natGatewayView), ...page }
  },
}
