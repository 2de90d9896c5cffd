import { internetGateways } from '../../../network/records.ts'
import { removeWhenFree, requiredText, type Ec2ResourceType } from '../stack-call.ts'

export const vpcGatewayAttachmentType: Ec2ResourceType = {
  name: 'AWS::EC2::VPCGatewayAttachment',
  properties: { VpcId: 'string', InternetGatewayId: 'string' },
  required: ['VpcId', 'InternetGatewayId'],
  attributes: ['AttachmentType'],
  replaceOn: ['VpcId', 'InternetGatewayId'],
  async create(properties, context, { network, store }) {
    const vpcId = requiredText(properties, 'VpcId')
    const gatewayId = requiredText(properties, 'InternetGatewayId')
    const physicalId = `IGW|${vpcId}`
    const known = await store.find(internetGateways, context.scope, gatewayId)
    if (known?.value.vpcId !== vpcId) {
      await network.routing.attachGateway(context.scope, gatewayId, vpcId)
    }
    await context.started(physicalId)
    return { physicalId, attributes: { AttachmentType: 'IGW' } }
  },
  async remove({ physicalId, properties }, context, { network }) {
    const gatewayId = requiredText(properties, 'InternetGatewayId')
    const vpcId = requiredText(properties, 'VpcId')
    await removeWhenFree(physicalId, context, () =>
      network.routing.detachGateway(context.scope, gatewayId, vpcId),
    )
  },
}
