import { removeWhenFree, requiredText, type Ec2ResourceType } from '../stack-call.ts'

export const subnetRouteTableAssociationType: Ec2ResourceType = {
  name: 'AWS::EC2::SubnetRouteTableAssociation',
  properties: { RouteTableId: 'string', SubnetId: 'string' },
  required: ['RouteTableId', 'SubnetId'],
  attributes: ['Id'],
  replaceOn: ['SubnetId'],
  async create(properties, context, { network }) {
    const tableId = requiredText(properties, 'RouteTableId')
    const subnetId = requiredText(properties, 'SubnetId')
    const physicalId = await network.routing.associate(context.scope, tableId, subnetId)
    await context.started(physicalId)
    return { physicalId, attributes: { Id: physicalId } }
  },
  async update({ physicalId: before, after }, context, { network }) {
    const tableId = requiredText(after, 'RouteTableId')
    const physicalId = await network.routing.replaceAssociation(context.scope, before, tableId)
    return { physicalId, attributes: { Id: physicalId } }
  },
  async remove({ physicalId }, context, { network }) {
    await removeWhenFree(physicalId, context, () =>
      network.routing.disassociate(context.scope, physicalId),
    )
  },
}
