import type { Scope } from '../../../kernel/scope.ts'
import type { InternetGateway } from '../../../network/records.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { internetGateways } from '../../../network/records.ts'
import { filtered, paged, chosen, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { gatewayView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

const fieldsOf = ({ account }: Scope): FilterFields<InternetGateway> => ({
  'internet-gateway-id': (gateway) => gateway.internetGatewayId,
  'attachment.vpc-id': (gateway) => gateway.vpcId,
  'attachment.state': (gateway) => (gateway.vpcId === undefined ? undefined : 'available'),
  'owner-id': () => account,
})

export const describeInternetGateways: Ec2Operation<'DescribeInternetGateways'> = {
  accepts: { InternetGatewayIds: true, ...describing },
  async handle(input, { scope }, { network, store }) {
    await network.ensureDefaultVpc(scope)
    const all = await valuesOf(store, internetGateways, scope)
    const wanted = chosen(all, input.InternetGatewayIds, {
      idOf: (gateway) => gateway.internetGatewayId,
      missing: (id) => notFound(internetGateways, id),
    })
    const shown = filtered(wanted, input.Filters, fieldsOf(scope))
    const { items, ...page } = paged(shown, (gateway) => gateway.internetGatewayId, input)
    return { InternetGateways: items.map((gateway) => gatewayView(gateway, scope)), ...page }
  },
}
