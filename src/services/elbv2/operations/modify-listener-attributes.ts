import { listed, withAttributes } from '../attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireListener } from '../find.ts'
import { listenerAttributesOf } from '../listener-attributes.ts'

/** Every attribute has one value here: another one is refused by name, so there is nothing to write. */
export const modifyListenerAttributes: Elbv2Operation<'ModifyListenerAttributes'> = {
  accepts: { ListenerArn: true, Attributes: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const listener = await requireListener(deps, scope, input.ListenerArn)
    const table = listenerAttributesOf(listener)
    return { Attributes: listed(table, withAttributes(table, listener, input.Attributes ?? [])) }
  },
}
