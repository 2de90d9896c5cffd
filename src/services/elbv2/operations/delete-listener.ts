import type { Elbv2Operation } from '../deps.ts'
import { requireListener } from '../find.ts'

export const deleteListener: Elbv2Operation<'DeleteListener'> = {
  accepts: { ListenerArn: true },
  async handle(input, { scope }, deps) {
    const { listenerId } = await requireListener(deps, scope, input.ListenerArn)
    await deps.balance.listeners.remove(scope, listenerId)
    return {}
  },
}
