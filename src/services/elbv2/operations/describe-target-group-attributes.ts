import { listed } from '../attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireGroup } from '../find.ts'
import { groupAttributesOf } from '../group-attributes.ts'

export const describeTargetGroupAttributes: Elbv2Operation<'DescribeTargetGroupAttributes'> = {
  accepts: { TargetGroupArn: true },
  async handle(input, { scope }, deps) {
    const group = await requireGroup(deps, scope, input.TargetGroupArn)
    return { Attributes: listed(groupAttributesOf(group), group) }
  },
}
