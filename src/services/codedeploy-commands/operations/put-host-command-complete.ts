import type { CommandsOperation } from '../commands-operation.ts'
import { takeCompletion } from '../take-update.ts'

export const putHostCommandComplete: CommandsOperation<'PutHostCommandComplete'> = {
  accepts: { HostCommandIdentifier: true, CommandStatus: true, Diagnostics: true },
  async handle(input, request, deps) {
    await takeCompletion(deps, request.principal, input)
    return {}
  },
}
