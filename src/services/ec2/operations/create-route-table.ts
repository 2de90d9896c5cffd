import { resourceId } from '../../../kernel/random.ts'
import { requireRecord } from '../../../network/lookup.ts'
import { routeTables, vpcs } from '../../../network/records.ts'
import type { Ec2Operation } from '../deps.ts'
import { idOfToken, required, tagsFor, tagSpecifications, unlessThere } from '../input.ts'
import { routeTableView } from '../network-views.ts'

export const createRouteTable: Ec2Operation<'CreateRouteTable'> = {
  accepts: { VpcId: true, ClientToken: true, TagSpecifications: tagSpecifications },
  async handle(input, { scope }, { network, store, random }) {
    const routeTableId = input.ClientToken
      ? idOfToken('rtb', input.ClientToken)
      : resourceId(random, 'rtb')
    const vpcId = required(input.VpcId, 'vpcId')
    const tags = tagsFor('route-table', input.TagSpecifications)
    await unlessThere(() => network.routing.createTable(scope, { routeTableId, vpcId, tags }))
    const table = (await requireRecord(store, routeTables, scope, routeTableId)).value
    const vpc = (await store.find(vpcs, scope, table.vpcId))?.value
    return { RouteTable: routeTableView(table, { scope, vpc, attached: new Set() }) }
  },
}
