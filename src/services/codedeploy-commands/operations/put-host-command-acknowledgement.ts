import type { CommandsOperation } from '../commands-operation.ts'
import { takeAcknowledgement } from '../take-update.ts'

export const putHostCommandAcknowledgement: CommandsOperation<'PutHostCommandAcknowledgement'> = {
  accepts: { HostCommandIdentifier: true, Diagnostics: true },
  async handle(input, request, deps) {
    return { CommandStatus: await takeAcknowledgement(deps, request.principal, input) }
  },
}
