import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const associateRouteTable: Ec2Operation<'AssociateRouteTable'> = {
  accepts: { RouteTableId: true, SubnetId: true },
  async handle(input, { scope }, { network }) {
    const tableId = required(input.RouteTableId, 'routeTableId')
    const subnetId = required(input.SubnetId, 'subnetId')
    const AssociationId = await network.routing.associate(scope, tableId, subnetId)
    return { AssociationId, AssociationState: { State: 'associated' } }
  },
}
