import { authorizeCommand } from '../authorize-host.ts'
import type { CommandsOperation } from '../commands-operation.ts'
import { openCommand } from '../identifiers.ts'

/** Ours: what a hook wrote so far. A part that comes twice changes nothing. */
export const putHostCommandLogs: CommandsOperation<'PutHostCommandLogs'> = {
  accepts: { HostCommandIdentifier: true, Offset: true, Text: true },
  async handle(input, request, deps) {
    const { scope, commandId } = openCommand(input.HostCommandIdentifier)
    await authorizeCommand(deps, request.principal, { scope, commandId })
    const part = { offset: input.Offset ?? 0, text: input.Text ?? '' }
    await deps.deploy.hostCommands.appendLog(scope, commandId, part)
    return {}
  },
}
