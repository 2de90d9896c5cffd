import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteNatGateway: Ec2Operation<'DeleteNatGateway'> = {
  accepts: { NatGatewayId: true },
  async handle(input, { scope }, { network }) {
    const NatGatewayId = required(input.NatGatewayId, 'natGatewayId')
    await network.natGateways.delete(scope, NatGatewayId)
    return { NatGatewayId }
  },
}
