import type { HostCommands } from '../../../deploy/host-commands.ts'
import type { Scope } from '../../../kernel/scope.ts'
import { specificationOf } from '../../../deploy/specification.ts'
import { authorizeHost, type NamedHost } from '../authorize-host.ts'
import type { CommandsOperation } from '../commands-operation.ts'
import { clientError } from '../errors.ts'
import { openCommand, openHost, sealCommand } from '../identifiers.ts'
import { pollMilliseconds } from '../poll-time.ts'

/** Ours: commands of all machines of a host on one connection, with what they are to do. Hosts are bare instance ids, or the ARNs of registered servers. */
export const pollHostCommands: CommandsOperation<'PollHostCommands'> = {
  accepts: { HostIdentifiers: true, RunningCommandIdentifiers: true, CommandsMax: true },
  async handle(input, request, deps) {
    const { hostCommands } = deps.deploy
    const identifiers = input.HostIdentifiers ?? []
    if (identifiers.length > hostsMax) throw clientError(`A poll is for ${hostsMax} hosts at most`)
    const commandsMax = input.CommandsMax ?? commandsUsual
    if (!(commandsMax >= 1 && commandsMax <= commandsMost)) {
      throw clientError(`CommandsMax is from 1 to ${commandsMost}`)
    }
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
    const specification = specifications(hostCommands)
    const commands = await Promise.all(
      served.map(async ({ scope, command, hostArn }) => {
        const Specification = await specification(scope, command.deploymentId)
        return (
          Specification !== undefined && {
            HostCommandIdentifier: sealCommand(scope, command.commandId),
            HostIdentifier: hostArn,
            CommandName: command.commandName,
            Specification,
          }
        )
      }),
    )
    return { HostCommands: commands.filter((command) => command !== false) }
  },
}

/** As JSON, each read once for one answer: it is the same for all hosts of a deployment. */
function specifications(
  hostCommands: HostCommands,
): (scope: Scope, deploymentId: string) => Promise<string | undefined> {
  const known = new Map<string, Promise<string | undefined>>()
  const read = async (scope: Scope, deploymentId: string): Promise<string | undefined> => {
    const deployment = await hostCommands.deployment(scope, deploymentId)
    return deployment && JSON.stringify(specificationOf(deployment))
  }
  return (scope, deploymentId) => {
    const key = [scope.account, scope.region, deploymentId].join(' ')
    const specification = known.get(key) ?? read(scope, deploymentId)
    known.set(key, specification)
    return specification
  }
}

/** Bounds of one request and of one answer. */
const hostsMax = 10_000
const commandsUsual = 64
const commandsMost = 1000
