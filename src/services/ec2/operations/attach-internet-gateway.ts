import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const attachInternetGateway: Ec2Operation<'AttachInternetGateway'> = {
  accepts: { InternetGatewayId: true, VpcId: true },
  async handle(input, { scope }, { network }) {
    const gatewayId = required(input.InternetGatewayId, 'internetGatewayId')
    await network.routing.attachGateway(scope, gatewayId, required(input.VpcId, 'vpcId'))
    return {}
  },
}
