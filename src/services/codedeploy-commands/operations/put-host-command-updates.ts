import { AwsError } from '../../../kernel/errors.ts'
import type { CommandsOperation, CommandUpdate } from '../commands-operation.ts'
import { clientError } from '../errors.ts'
import { takeAcknowledgement, takeCompletion } from '../take-update.ts'

/** Ours: what an agent has to say of many commands, acknowledgements and ends. Each is answered by itself, in their order. */
export const putHostCommandUpdates: CommandsOperation<'PutHostCommandUpdates'> = {
  accepts: { Updates: { HostCommandIdentifier: true, CommandStatus: true, Diagnostics: true } },
  async handle(input, request, deps) {
    const updates = input.Updates ?? []
    if (updates.length > updatesMax) throw clientError(`${updatesMax} updates at most at a time`)
    const one = async (update: CommandUpdate): Promise<string> => {
      if (update.CommandStatus === 'InProgress') {
        return takeAcknowledgement(deps, request.principal, update)
      }
      await takeCompletion(deps, request.principal, update)
      return update.CommandStatus ?? ''
    }
    const Results = await Promise.all(
      updates.map(async (update) => {
        try {
          return { CommandStatus: await one(update) }
        } catch (thrown) {
          // A mistake in one is told in its place; what failed here is failed whole, and tried again.
          if (!(thrown instanceof AwsError)) throw thrown
          return { ErrorMessage: thrown.message }
        }
      }),
    )
    return { Results }
  },
}

/** Of one request: with 4 kB of log each it stays small. */
const updatesMax = 1000
