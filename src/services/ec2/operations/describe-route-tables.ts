import type { RouteTable as AwsRouteTable } from '@aws-sdk/client-ec2'
import type { Scope } from '../../../kernel/scope.ts'
import type { RouteTable } from '../../../network/records.ts'
import { notFound, valuesOf } from '../../../network/lookup.ts'
import { vpcs, internetGateways, natGateways, routeTables } from '../../../network/records.ts'
import { filtered, metByNothing, paged, chosen, type FilterFields } from '../filters.ts'
import { describing } from '../input.ts'
import { routeTableView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

const fieldsOf = (
  { account }: Scope,
  viewOf: (table: RouteTable) => AwsRouteTable,
): FilterFields<RouteTable> => ({
  'route.state': (table) => (viewOf(table).Routes ?? []).map((route) => route.State ?? ''),
  'route-table-id': (table) => table.routeTableId,
  'vpc-id': (table) => table.vpcId,
  'association.main': (table) =>
    table.associations.map((association) => String(association.subnetId === undefined)),
  'association.subnet-id': (table) =>
    table.associations.flatMap((association) => association.subnetId ?? []),
  'association.route-table-association-id': (table) =>
    table.associations.map((association) => association.associationId),
  'association.route-table-id': (table) =>
    table.associations.length > 0 ? table.routeTableId : undefined,
  'route.gateway-id': (table) => ['local', ...table.routes.map((route) => route.gatewayId)],
  'route.nat-gateway-id': (table) =>
    table.routes.map((route) => route.gatewayId).filter((id) => id.startsWith('nat-')),
  'route.destination-cidr-block': (table) => table.routes.map((route) => route.destinationCidr),
  'route.origin': (table) => [
    'CreateRouteTable',
    ...(table.routes.length > 0 ? ['CreateRoute'] : []),
  ],
  'owner-id': () => account,
  ...metByNothing(
    'association.gateway-id',
    'route.destination-ipv6-cidr-block',
    'route.destination-prefix-list-id',
    'route.egress-only-internet-gateway-id',
    'route.instance-id',
    'route.transit-gateway-id',
    'route.vpc-peering-connection-id',
  ),
})

export const describeRouteTables: Ec2Operation<'DescribeRouteTables'> = {
  accepts: { RouteTableIds: true, ...describing },
  async handle(input, { scope }, { network, store }) {
    await network.ensureDefaultVpc(scope)
    const all = await valuesOf(store, routeTables, scope)
    const wanted = chosen(all, input.RouteTableIds, {
      idOf: (table) => table.routeTableId,
      missing: (id) => notFound(routeTables, id),
    })
    const vpcList = await valuesOf(store, vpcs, scope)
    const gateways = await valuesOf(store, internetGateways, scope)
    const natList = await valuesOf(store, natGateways, scope)
    const live = natList.filter((nat) => nat.deletedAt === undefined)
    const viewOf = (table: RouteTable): AwsRouteTable =>
      routeTableView(table, {
        scope,
        vpc: vpcList.find((vpc) => vpc.vpcId === table.vpcId),
        attached: new Set([
          ...live.map((nat) => nat.natGatewayId),
          ...gateways
            .filter((gateway) => gateway.vpcId === table.vpcId)
            .map((gateway) => gateway.internetGatewayId),
        ]),
      })
    const shown = filtered(wanted, input.Filters, fieldsOf(scope, viewOf))
    const { items, ...page } = paged(shown, (table) => table.routeTableId, input)
    return { RouteTables: items.map(viewOf), ...page }
  },
}
