import { groupsOf } from '../../../balance/records.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { listed, withAttributes, type Attribute } from '../attributes.ts'
import type { Elbv2Deps, Elbv2Operation } from '../deps.ts'
import { validationError } from '../errors.ts'
import { requireGroup } from '../find.ts'
import { checkGroupAttributes, groupAttributesOf } from '../group-attributes.ts'
import { idleSeconds } from '../listener-attributes.ts'
import { checkFlows } from './create-listener.ts'

export const modifyTargetGroupAttributes: Elbv2Operation<'ModifyTargetGroupAttributes'> = {
  accepts: { TargetGroupArn: true, Attributes: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const { groupId } = await requireGroup(deps, scope, input.TargetGroupArn)
    if (isAsked(input.Attributes ?? [])) await checkPreserving(deps, scope, groupId)
    const group = await deps.balance.groups.modify(scope, groupId, (known) => {
      const changed = withAttributes(groupAttributesOf(known), known, input.Attributes ?? [])
      checkGroupAttributes(changed)
      return changed
    })
    return { Attributes: listed(groupAttributesOf(group), group) }
  },
}

function isAsked(attributes: readonly Attribute[]): boolean {
  return attributes.some(
    ({ Key, Value }) => Key === 'preserve_client_ip.enabled' && Value === 'true',
  )
}

/** Only the network itself can pass a connection on as the client's; one that ends at the balancer is another. */
async function checkPreserving(deps: Elbv2Deps, scope: Scope, groupId: string): Promise<void> {
  checkFlows(deps, "Attribute 'preserve_client_ip.enabled'")
  const listeners = await deps.balance.listeners.list(scope)
  const isBehindTls = listeners.some(
    ({ tls, action }) => tls !== undefined && groupsOf(action).includes(groupId),
  )
  const timed = listeners.find(
    ({ idleTimeoutSeconds = idleSeconds, action }) =>
      idleTimeoutSeconds !== idleSeconds && groupsOf(action).includes(groupId),
  )
  if (timed !== undefined) {
    throw validationError(
      "Attribute 'preserve_client_ip.enabled' cannot be 'true' here behind a listener with its own tcp.idle_timeout.seconds",
    )
  }
  if (!isBehindTls) return
  throw validationError(
    "Attribute 'preserve_client_ip.enabled' cannot be 'true' here behind a TLS listener",
  )
}
