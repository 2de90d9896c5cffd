import { serviceOf, type OperationDefinition, type Service } from '../../wire/service.ts'
import type { CommandsDeps } from './commands-operation.ts'
import { memberNotSupported } from './errors.ts'
import { getDeploymentSpecification } from './operations/get-deployment-specification.ts'
import { pollHostCommand } from './operations/poll-host-command.ts'
import { pollHostCommands } from './operations/poll-host-commands.ts'
import { postHostCommandUpdate } from './operations/post-host-command-update.ts'
import { putHostCommandAcknowledgement } from './operations/put-host-command-acknowledgement.ts'
import { putHostCommandComplete } from './operations/put-host-command-complete.ts'
import { putHostCommandLogs } from './operations/put-host-command-logs.ts'
import { putHostCommandUpdates } from './operations/put-host-command-updates.ts'

/** What CodeDeploy's agents speak. */
export function codedeployCommandsService(deps: CommandsDeps): Service {
  const operations: Readonly<Record<string, OperationDefinition<never, object, CommandsDeps>>> = {
    GetDeploymentSpecification: getDeploymentSpecification,
    PollHostCommand: pollHostCommand,
    PollHostCommands: pollHostCommands,
    PostHostCommandUpdate: postHostCommandUpdate,
    PutHostCommandAcknowledgement: putHostCommandAcknowledgement,
    PutHostCommandComplete: putHostCommandComplete,
    PutHostCommandLogs: putHostCommandLogs,
    PutHostCommandUpdates: putHostCommandUpdates,
  }
  return serviceOf(deps, {
    id: 'codedeploy-commands',
    operations,
    refuseMember: memberNotSupported,
  })
}
