import { listed, withAttributes } from '../attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireGroup } from '../find.ts'
import { checkGroupAttributes, groupAttributesOf } from '../group-attributes.ts'

export const modifyTargetGroupAttributes: Elbv2Operation<'ModifyTargetGroupAttributes'> = {
  accepts: { TargetGroupArn: true, Attributes: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const { groupId } = await requireGroup(deps, scope, input.TargetGroupArn)
    const group = await deps.balance.groups.modify(scope, groupId, (known) => {
      const changed = withAttributes(groupAttributesOf(known), known, input.Attributes ?? [])
      checkGroupAttributes(changed)
      return changed
    })
    return { Attributes: listed(groupAttributesOf(group), group) }
  },
}
