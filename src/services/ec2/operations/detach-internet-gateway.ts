import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const detachInternetGateway: Ec2Operation<'DetachInternetGateway'> = {
  accepts: { InternetGatewayId: true, VpcId: true },
  async handle(input, { scope }, { network }) {
    const gatewayId = required(input.InternetGatewayId, 'internetGatewayId')
    await network.routing.detachGateway(scope, gatewayId, required(input.VpcId, 'vpcId'))
    return {}
  },
}
