import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const replaceRouteTableAssociation: Ec2Operation<'ReplaceRouteTableAssociation'> = {
  accepts: { AssociationId: true, RouteTableId: true },
  async handle(input, { scope }, { network }) {
    const associationId = required(input.AssociationId, 'associationId')
    const tableId = required(input.RouteTableId, 'routeTableId')
    const NewAssociationId = await network.routing.replaceAssociation(scope, associationId, tableId)
    return { NewAssociationId, AssociationState: { State: 'associated' } }
  },
}
