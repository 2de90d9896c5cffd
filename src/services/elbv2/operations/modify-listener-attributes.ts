import { groupsOf } from '../../../balance/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import type { RuleAction } from '../../../protocol/gateway.ts'
import { listed, withAttributes } from '../attributes.ts'
import type { Elbv2Deps, Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireListener } from '../find.ts'
import { idleSeconds, listenerAttributesOf } from '../listener-attributes.ts'

export const modifyListenerAttributes: Elbv2Operation<'ModifyListenerAttributes'> = {
  accepts: { ListenerArn: true, Attributes: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const known = await requireListener(deps, scope, input.ListenerArn)
    const table = listenerAttributesOf(known)
    const { idleTimeoutSeconds } = withAttributes(table, known, input.Attributes ?? [])
    if (idleTimeoutSeconds === known.idleTimeoutSeconds) return { Attributes: listed(table, known) }
    if (idleTimeoutSeconds !== idleSeconds) await checkIdleTimeout(deps, scope, known.action)
    const change = idleTimeoutSeconds === undefined ? {} : { idleTimeoutSeconds }
    const listener = await deps.balance.listeners.modify(scope, known.listenerId, change)
    return { Attributes: listed(table, listener) }
  },
}

/** The network itself, which passes on connections that keep their client's address, has one time for all. */
export async function checkIdleTimeout(
  deps: Elbv2Deps,
  scope: Scope,
  action: RuleAction,
): Promise<void> {
  const [groupId = ''] = groupsOf(action)
  const group = await deps.balance.groups.find(scope, groupId)
  if (group?.preservesClient !== true) return
  throw validationError(
    "Attribute 'tcp.idle_timeout.seconds' is always '350' here before a target group with preserve_client_ip.enabled",
  )
}
