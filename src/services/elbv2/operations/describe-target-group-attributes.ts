import { groupAttributes } from '../attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireGroup } from '../find.ts'

export const describeTargetGroupAttributes: Elbv2Operation<'DescribeTargetGroupAttributes'> = {
  accepts: { TargetGroupArn: true },
  async handle(input, { scope }, deps) {
    return { Attributes: groupAttributes(await requireGroup(deps, scope, input.TargetGroupArn)) }
  },
}
