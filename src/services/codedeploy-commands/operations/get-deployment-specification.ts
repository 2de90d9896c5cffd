import { authorizeHost } from '../authorize-host.ts'
import type { CommandsOperation } from '../commands-operation.ts'
import { clientError } from '../errors.ts'
import { openExecutionId, openHost } from '../identifiers.ts'

export const getDeploymentSpecification: CommandsOperation<'GetDeploymentSpecification'> = {
  accepts: { DeploymentExecutionId: true, HostIdentifier: true },
  async handle(input, request, deps) {
    const { scope, deploymentId } = openExecutionId(input.DeploymentExecutionId)
    const host = await openHost(deps, request.scope.region, input.HostIdentifier)
    authorizeHost(request.principal, host)
    const deployment = await deps.deploy.hostCommands.deployment(scope, deploymentId)
    const isItsHost = await deps.deploy.hostCommands.isTarget(scope, deploymentId, host)
    if (!deployment || !isItsHost)
      throw clientError(`There is no deployment ${deploymentId} to ${host.instanceId}`)
    const Payload = await deps.deploy.signedSpecification(deployment)
    return {
      DeploymentSystem: 'CodeDeploy',
      DeploymentSpecification: { GenericEnvelope: { Format: 'PKCS7/JSON', Payload } },
    }
  },
}
