import { vpcs } from '../../../network/records.ts'
import { required, tagsFor, tagSpecifications } from '../input.ts'
import { routeTableView } from '../network-views.ts'
import type { Ec2Operation } from '../deps.ts'

export const createRouteTable: Ec2Operation<'CreateRouteTable'> = {
  accepts: { VpcId: true, TagSpecifications: tagSpecifications },
  async handle(input, { scope }, { network, store }) {
    const table = await network.routing.createTable(scope, {
      vpcId: required(input.VpcId, 'vpcId'),
      tags: tagsFor('route-table', input.TagSpecifications),
    })
    const vpc = (await store.find(vpcs, scope, table.vpcId))?.value
    return { RouteTable: routeTableView(table, { scope, vpc, attached: new Set() }) }
  },
}
