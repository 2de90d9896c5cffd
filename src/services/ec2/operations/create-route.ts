import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const createRoute: Ec2Operation<'CreateRoute'> = {
  accepts: { RouteTableId: true, DestinationCidrBlock: true, GatewayId: true, NatGatewayId: true },
  async handle(input, { scope }, { network }) {
    await network.routing.putRoute(scope, {
      tableId: required(input.RouteTableId, 'routeTableId'),
      destinationCidr: required(input.DestinationCidrBlock, 'destinationCidrBlock'),
      gatewayId: required(input.NatGatewayId ?? input.GatewayId, 'gatewayId'),
      mode: 'create',
    })
    return { Return: true }
  },
}
