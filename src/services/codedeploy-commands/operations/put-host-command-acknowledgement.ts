import { authorizeCommand } from '../authorize-host.ts'
import type { CommandsOperation } from '../commands-operation.ts'
import { openCommand } from '../identifiers.ts'

/** The payload of our own agent says `{"IsResumed":true}` for a command that was served again after its process died. */
export const putHostCommandAcknowledgement: CommandsOperation<'PutHostCommandAcknowledgement'> = {
  accepts: { HostCommandIdentifier: true, Diagnostics: true },
  async handle(input, request, deps) {
    const { scope, commandId } = openCommand(input.HostCommandIdentifier)
    await authorizeCommand(deps, request.principal, { scope, commandId })
    const isResumed = input.Diagnostics?.Payload?.includes('"IsResumed":true') ?? false
    const { hostCommands } = deps.deploy
    return { CommandStatus: await hostCommands.acknowledge(scope, commandId, isResumed) }
  },
}
