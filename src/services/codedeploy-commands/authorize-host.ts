import type { Scope } from '../../kernel/scope.ts'
import type { Principal } from '../../wire/service.ts'
import type { CommandsDeps } from './commands-operation.ts'
import { accessDenied } from './errors.ts'

/** A host as a request names it. */
export interface NamedHost {
  readonly instanceId: string
  readonly scope?: Scope
  /** Of a server of one's own: the ARN of who its agent signs as. */
  readonly identityArn?: string
}

/**
 * Commands carry a host's revisions and say what became of them, so only the host itself may ask for them: the session that the metadata
 * service gives an instance is named after it, a registered server has a user or a session of its own. The account's root may too: it is
 * the platform's own agent, which serves all machines.
 */
export function authorizeHost(principal: Principal, host: NamedHost): void {
  if (principal.arn.endsWith(':root')) return
  if (host.identityArn !== undefined && principal.arn === host.identityArn) return
  const session = /:assumed-role\/[^/]+\/(.+)$/.exec(principal.arn)?.[1]
  const isOfAccount = !host.scope || host.scope.account === principal.account
  const isInstance = host.instanceId.startsWith('i-')
  if (isInstance && session === host.instanceId && isOfAccount) return
  throw accessDenied(principal.arn, host.instanceId)
}

/** Of a command, whose id names its host: `<deployment>/<instance>/<event>`. */
export async function authorizeCommand(
  deps: CommandsDeps,
  principal: Principal,
  command: { readonly scope: Scope; readonly commandId: string },
): Promise<void> {
  const instanceId = command.commandId.split('/')[1] ?? ''
  const { scope } = command
  const identityArn = await deps.deploy.hostCommands.onPremisesArn(scope, instanceId)
  authorizeHost(principal, {
    instanceId,
    scope,
    ...(identityArn !== undefined && { identityArn }),
  })
}
