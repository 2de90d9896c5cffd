import { specificationOf } from '../../../deploy/specification.ts'
import { authorizeHost, type NamedHost } from '../authorize-host.ts'
import type { CommandsOperation } from '../commands-operation.ts'
import { clientError } from '../errors.ts'
import { openCommand, openHost, sealCommand } from '../identifiers.ts'
import { pollMilliseconds } from '../poll-time.ts'

/** Ours: commands of all machines of a host on one connection, with what they are to do. Hosts are bare instance ids, or the ARNs of registered servers. */
export const pollHostCommands: CommandsOperation<'PollHostCommands'> = {
  accepts: { HostIdentifiers: true, RunningCommandIdentifiers: true },
  async handle(input, request, deps) {
    const { hostCommands } = deps.deploy
    const identifiers = input.HostIdentifiers ?? []
    if (identifiers.length > hostsMax) throw clientError(`A poll is for ${hostsMax} hosts at most`)
    const hosts = await Promise.all(
      identifiers.map(async (identifier): Promise<NamedHost> => {
        const isArn = identifier.startsWith('arn:')
        const host = isArn
          ? await openHost(deps, request.scope.region, identifier)
          : { instanceId: identifier }
        authorizeHost(request.principal, host)
        return host
      }),
    )
    const served = await hostCommands.poll({
      hosts,
      resumable: true,
      running: (input.RunningCommandIdentifiers ?? []).map((id) => openCommand(id).commandId),
      commandsMax,
      waitMilliseconds: pollMilliseconds,
      signal: request.signal,
    })
    const commands = await Promise.all(
      served.map(async ({ scope, command, hostArn }) => {
        const deployment = await hostCommands.deployment(scope, command.deploymentId)
        return (
          deployment && {
            HostCommandIdentifier: sealCommand(scope, command.commandId),
            HostIdentifier: hostArn,
            CommandName: command.commandName,
            Specification: JSON.stringify(specificationOf(deployment)),
          }
        )
      }),
    )
    return { HostCommands: commands.filter((command) => command !== undefined) }
  },
}

/** Bounds of one request and of one answer. */
const hostsMax = 10_000
const commandsMax = 64
