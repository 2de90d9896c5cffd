import type { CommandsOperation } from '../commands-operation.ts'
import { openCommand } from '../identifiers.ts'

/** Ours: what a hook wrote so far. A part that comes twice changes nothing. */
export const putHostCommandLogs: CommandsOperation<'PutHostCommandLogs'> = {
  accepts: { HostCommandIdentifier: true, Offset: true, Text: true },
  async handle(input, _request, deps) {
    const { scope, commandId } = openCommand(input.HostCommandIdentifier)
    const part = { offset: input.Offset ?? 0, text: input.Text ?? '' }
    await deps.deploy.hostCommands.appendLog(scope, commandId, part)
    return {}
  },
}
