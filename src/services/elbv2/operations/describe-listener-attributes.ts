import { listed } from '../attributes.ts'
import type { Elbv2Operation } from '../deps.ts'
import { requireListener } from '../find.ts'
import { listenerAttributesOf } from '../listener-attributes.ts'

export const describeListenerAttributes: Elbv2Operation<'DescribeListenerAttributes'> = {
  accepts: { ListenerArn: true },
  async handle(input, { scope }, deps) {
    const listener = await requireListener(deps, scope, input.ListenerArn)
    return { Attributes: listed(listenerAttributesOf(listener), listener) }
  },
}
