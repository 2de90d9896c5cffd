import { tagsFor, tagSpecifications } from '../input.ts'
import { gatewayView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

export const createInternetGateway: Ec2Operation<'CreateInternetGateway'> = {
  accepts: { TagSpecifications: tagSpecifications },
  async handle(input, { scope }, { network }) {
    const tags = tagsFor('internet-gateway', input.TagSpecifications)
    const gateway = await network.routing.createGateway(scope, tags)
    return { InternetGateway: gatewayView(gateway, scope) }
  },
}
