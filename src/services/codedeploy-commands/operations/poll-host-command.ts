import { authorizeHost } from '../authorize-host.ts'
import type { CommandsOperation } from '../commands-operation.ts'
import { executionIdOf, openHost, sealCommand } from '../identifiers.ts'
import { pollMilliseconds } from '../poll-time.ts'

/** Held until there is a command, or not much longer than AWS's agents like. */
export const pollHostCommand: CommandsOperation<'PollHostCommand'> = {
  accepts: { HostIdentifier: true },
  async handle(input, request, deps) {
    const host = await openHost(deps, request.scope.region, input.HostIdentifier)
    authorizeHost(request.principal, host)
    const [served] = await deps.deploy.hostCommands.poll({
      hosts: [host],
      resumable: false,
      running: [],
      commandsMax: 1,
      waitMilliseconds: pollMilliseconds,
      signal: request.signal,
    })
    if (!served) return {}
    return {
      HostCommand: {
        HostCommandIdentifier: sealCommand(served.scope, served.command.commandId),
        HostIdentifier: served.hostArn,
        DeploymentExecutionId: executionIdOf(served.scope, served.command.deploymentId),
        CommandName: served.command.commandName,
      },
    }
  },
}
