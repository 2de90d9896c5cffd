import type { Scope } from '../../kernel/scope.ts'
import type { Principal } from '../../wire/service.ts'
import { accessDenied } from './errors.ts'

/**
 * Commands carry a host's revisions and say what became of them, so only the host itself may ask for them: the session that the metadata
 * service gives an instance is named after it. The account's root may too: it is the platform's own agent, which serves all machines.
 */
export function authorizeHost(
  principal: Principal,
  host: { readonly instanceId: string; readonly scope?: Scope },
): void {
  if (principal.arn.endsWith(':root')) return
  const session = /:assumed-role\/[^/]+\/(.+)$/.exec(principal.arn)?.[1]
  const isOfAccount = !host.scope || host.scope.account === principal.account
  if (session === host.instanceId && isOfAccount) return
  throw accessDenied(principal.arn, host.instanceId)
}

/** Of a command, whose id names its host: `<deployment>/<instance>/<event>`. */
export function authorizeCommand(
  principal: Principal,
  command: { readonly scope: Scope; readonly commandId: string },
): void {
  const instanceId = command.commandId.split('/')[1] ?? ''
  authorizeHost(principal, { instanceId, scope: command.scope })
}
