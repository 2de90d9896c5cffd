import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const disassociateRouteTable: Ec2Operation<'DisassociateRouteTable'> = {
  accepts: { AssociationId: true },
  async handle(input, { scope }, { network }) {
    await network.routing.disassociate(scope, required(input.AssociationId, 'associationId'))
    return {}
  },
}
