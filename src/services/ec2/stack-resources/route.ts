import { routeTables } from '../../../network/records.ts'
import type { Properties } from '../../../stacks/resource-type.ts'
import { required } from '../input.ts'
import { removeWhenFree, requiredText, textOf, type Ec2ResourceType } from '../stack-call.ts'

export const routeType: Ec2ResourceType = {
  name: 'AWS::EC2::Route',
  properties: {
    RouteTableId: 'string',
    DestinationCidrBlock: 'string',
    GatewayId: 'string',
    NatGatewayId: 'string',
  },
  required: ['RouteTableId', 'DestinationCidrBlock'],
  attributes: ['CidrBlock'],
  replaceOn: ['RouteTableId', 'DestinationCidrBlock'],
  async create(properties, context, { network, store }) {
    const route = routeOf(properties)
    const table = await store.find(routeTables, context.scope, route.tableId)
    const isThere = table?.value.routes.some(
      (each) =>
        each.destinationCidr === route.destinationCidr && each.gatewayId === route.gatewayId,
    )
    if (isThere !== true) {
      await network.routing.putRoute(context.scope, { ...route, mode: 'create' })
    }
    const state = stateOf(properties)
    await context.started(state.physicalId)
    return state
  },
  async update({ after }, context, { network }) {
    await network.routing.putRoute(context.scope, { ...routeOf(after), mode: 'replace' })
    return stateOf(after)
  },
  async remove({ physicalId, properties }, context, { network }) {
    const { tableId, destinationCidr } = routeOf(properties)
    await removeWhenFree(physicalId, context, () =>
      network.routing.deleteRoute(context.scope, tableId, destinationCidr),
    )
  },
}

function routeOf(properties: Properties) {
  return {
    tableId: requiredText(properties, 'RouteTableId'),
    destinationCidr: requiredText(properties, 'DestinationCidrBlock'),
    gatewayId: required(gatewayOf(properties), 'GatewayId'),
  }
}

function stateOf(properties: Properties) {
  const { tableId, destinationCidr } = routeOf(properties)
  return {
    physicalId: `${tableId}|${destinationCidr}`,
    attributes: { CidrBlock: destinationCidr },
  }
}

function gatewayOf(properties: Properties): string | undefined {
  return textOf(properties, 'NatGatewayId') ?? textOf(properties, 'GatewayId')
}
