import { routeTables } from '../../../network/records.ts'
import { modify } from '../../../store/records.ts'
import { recordInventory } from '../../../stacks/record-inventory.ts'
import { unlessThere } from '../input.ts'
import {
  derivedId,
  removeWhenFree,
  requiredText,
  stackTags,
  tagProperties,
  type Ec2ResourceType,
} from '../stack-call.ts'

export const routeTableType: Ec2ResourceType = {
  name: 'AWS::EC2::RouteTable',
  properties: { VpcId: 'string', Tags: tagProperties },
  required: ['VpcId'],
  attributes: ['RouteTableId'],
  replaceOn: ['VpcId'],
  async create(properties, context, { network }) {
    const routeTableId = derivedId('rtb', context)
    const vpcId = requiredText(properties, 'VpcId')
    const tags = stackTags(properties, context)
    await unlessThere(() =>
      network.routing.createTable(context.scope, { routeTableId, vpcId, tags }),
    )
    await context.started(routeTableId)
    return { physicalId: routeTableId, attributes: { RouteTableId: routeTableId } }
  },
  async update({ physicalId, after }, context, { store }) {
    const tags = stackTags(after, context)
    const at = { kind: routeTables, scope: context.scope, id: physicalId }
    await modify(store, at, (table) => ({ ...table, tags }))
    return { physicalId, attributes: { RouteTableId: physicalId } }
  },
  async remove({ physicalId }, context, { network }) {
    await removeWhenFree(physicalId, context, () =>
      network.routing.deleteTable(context.scope, physicalId),
    )
  },
  inventory: ({ store }) =>
    recordInventory(store, routeTables, {
      identifier: 'RouteTableId',
      describe: ({ id, value }) => ({ RouteTableId: id, VpcId: value.vpcId, Tags: value.tags }),
    }),
}
