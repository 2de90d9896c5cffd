import { groupAttributes, readGroupAttributes } from '../attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireGroup } from '../find.ts'

export const modifyTargetGroupAttributes: Elbv2Operation<'ModifyTargetGroupAttributes'> = {
  accepts: { TargetGroupArn: true, Attributes: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const { groupId } = await requireGroup(deps, scope, input.TargetGroupArn)
    const change = readGroupAttributes(input.Attributes ?? [])
    const group = await deps.balance.groups.modify(scope, groupId, (known) => ({
      ...known,
      ...change,
    }))
    return { Attributes: groupAttributes(group) }
  },
}
