import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteInternetGateway: Ec2Operation<'DeleteInternetGateway'> = {
  accepts: { InternetGatewayId: true },
  async handle(input, { scope }, { network }) {
    const gatewayId = required(input.InternetGatewayId, 'internetGatewayId')
    await network.routing.deleteGateway(scope, gatewayId)
    return {}
  },
}
