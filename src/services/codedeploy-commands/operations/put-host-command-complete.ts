import { authorizeCommand } from '../authorize-host.ts'
import type { CommandsOperation } from '../commands-operation.ts'
import { openDiagnostics } from '../diagnostics.ts'
import { clientError, unknownCommand } from '../errors.ts'
import { openCommand } from '../identifiers.ts'

/** The first result counts: AWS's 1.8 agent sends a failure twice, the second time without its log. */
export const putHostCommandComplete: CommandsOperation<'PutHostCommandComplete'> = {
  accepts: { HostCommandIdentifier: true, CommandStatus: true, Diagnostics: true },
  async handle(input, request, deps) {
    const { scope, commandId } = openCommand(input.HostCommandIdentifier)
    await authorizeCommand(deps, request.principal, { scope, commandId })
    const status = input.CommandStatus
    if (status !== 'Succeeded' && status !== 'Failed') {
      throw clientError(`CommandStatus is ${status ?? 'missing'}; Succeeded and Failed exist here`)
    }
    const diagnostics = openDiagnostics(input.Diagnostics)
    const result = { status, diagnostics } as const
    const outcome = await deps.deploy.hostCommands.complete(scope, commandId, result)
    if (outcome === 'unknown') throw unknownCommand()
    if (outcome === 'not-acknowledged') {
      throw clientError('The command has not been acknowledged, so it cannot have succeeded')
    }
    return {}
  },
}
