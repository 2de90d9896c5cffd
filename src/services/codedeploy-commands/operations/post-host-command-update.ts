import { authorizeCommand } from '../authorize-host.ts'
import type { CommandsOperation } from '../commands-operation.ts'
import { openCommand } from '../identifiers.ts'

/** Answers the command's status. No agent calls it today; its estimate of the end and its diagnostics are not kept. */
export const postHostCommandUpdate: CommandsOperation<'PostHostCommandUpdate'> = {
  accepts: { HostCommandIdentifier: true, EstimatedCompletionTime: true, Diagnostics: true },
  async handle(input, request, deps) {
    const { scope, commandId } = openCommand(input.HostCommandIdentifier)
    await authorizeCommand(deps, request.principal, { scope, commandId })
    const status = await deps.deploy.hostCommands.status(scope, commandId)
    return { CommandStatus: status ?? 'Failed' }
  },
}
