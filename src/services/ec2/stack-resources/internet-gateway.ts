import { internetGateways } from '../../../network/records.ts'
import { modify } from '../../../store/records.ts'
import { recordInventory } from '../../../stacks/record-inventory.ts'
import { unlessThere } from '../input.ts'
import {
  derivedId,
  removeWhenFree,
  stackTags,
  tagProperties,
  type Ec2ResourceType,
} from '../stack-call.ts'

export const internetGatewayType: Ec2ResourceType = {
  name: 'AWS::EC2::InternetGateway',
  properties: { Tags: tagProperties },
  required: [],
  attributes: ['InternetGatewayId'],
  replaceOn: [],
  async create(properties, context, { network }) {
    const id = derivedId('igw', context)
    const tags = stackTags(properties, context)
    await unlessThere(() => network.routing.createGateway(context.scope, tags, id))
    await context.started(id)
    return { physicalId: id, attributes: { InternetGatewayId: id } }
  },
  async update({ physicalId, after }, context, { store }) {
    const tags = stackTags(after, context)
    const at = { kind: internetGateways, scope: context.scope, id: physicalId }
    await modify(store, at, (gateway) => ({ ...gateway, tags }))
    return { physicalId, attributes: { InternetGatewayId: physicalId } }
  },
  async remove({ physicalId }, context, { network }) {
    await removeWhenFree(physicalId, context, () =>
      network.routing.deleteGateway(context.scope, physicalId),
    )
  },
  inventory: ({ store }) =>
    recordInventory(store, internetGateways, {
      identifier: 'InternetGatewayId',
      describe: ({ id, value }) => ({ InternetGatewayId: id, Tags: value.tags }),
    }),
}
