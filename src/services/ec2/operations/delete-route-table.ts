import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteRouteTable: Ec2Operation<'DeleteRouteTable'> = {
  accepts: { RouteTableId: true },
  async handle(input, { scope }, { network }) {
    await network.routing.deleteTable(scope, required(input.RouteTableId, 'routeTableId'))
    return {}
  },
}
