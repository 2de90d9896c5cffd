import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteRoute: Ec2Operation<'DeleteRoute'> = {
  accepts: { RouteTableId: true, DestinationCidrBlock: true },
  async handle(input, { scope }, { network }) {
    const tableId = required(input.RouteTableId, 'routeTableId')
    const destination = required(input.DestinationCidrBlock, 'destinationCidrBlock')
    await network.routing.deleteRoute(scope, tableId, destination)
    return {}
  },
}
