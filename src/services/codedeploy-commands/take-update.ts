import type { Principal } from '../../wire/service.ts'
import { authorizeCommand } from './authorize-host.ts'
import type { CommandsDeps, CommandUpdate } from './commands-operation.ts'
import { openDiagnostics } from './diagnostics.ts'
import { clientError, unknownCommand } from './errors.ts'
import { openCommand } from './identifiers.ts'

/** The payload of our own agent says `{"IsResumed":true}` for a command that was served again after its process died. */
export async function takeAcknowledgement(
  deps: CommandsDeps,
  principal: Principal,
  update: CommandUpdate,
): Promise<string> {
  const { scope, commandId } = openCommand(update.HostCommandIdentifier)
  await authorizeCommand(deps, principal, { scope, commandId })
  const isResumed = update.Diagnostics?.Payload?.includes('"IsResumed":true') ?? false
  return deps.deploy.hostCommands.acknowledge(scope, commandId, isResumed)
}

/** The first result counts: AWS's 1.8 agent sends a failure twice, the second time without its log. */
export async function takeCompletion(
  deps: CommandsDeps,
  principal: Principal,
  update: CommandUpdate,
): Promise<void> {
  const { scope, commandId } = openCommand(update.HostCommandIdentifier)
  await authorizeCommand(deps, principal, { scope, commandId })
  const status = update.CommandStatus
  if (status !== 'Succeeded' && status !== 'Failed') {
    throw clientError(`CommandStatus is ${status ?? 'missing'}; Succeeded and Failed exist here`)
  }
  const diagnostics = openDiagnostics(update.Diagnostics)
  const outcome = await deps.deploy.hostCommands.complete(scope, commandId, { status, diagnostics })
  if (outcome === 'unknown') throw unknownCommand()
  if (outcome === 'not-acknowledged') {
    throw clientError('The command has not been acknowledged, so it cannot have succeeded')
  }
}
