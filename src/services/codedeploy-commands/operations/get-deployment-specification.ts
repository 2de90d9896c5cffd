import type { CommandsOperation } from '../commands-operation.ts'
import { clientError } from '../errors.ts'
import { openExecutionId } from '../identifiers.ts'

export const getDeploymentSpecification: CommandsOperation<'GetDeploymentSpecification'> = {
  accepts: { DeploymentExecutionId: true, HostIdentifier: true },
  async handle(input, _request, deps) {
    const { scope, deploymentId } = openExecutionId(input.DeploymentExecutionId)
    const deployment = await deps.deploy.hostCommands.deployment(scope, deploymentId)
    if (!deployment) throw clientError(`There is no deployment ${deploymentId}`)
    const Payload = await deps.deploy.signedSpecification(deployment)
    return {
      DeploymentSystem: 'CodeDeploy',
      DeploymentSpecification: { GenericEnvelope: { Format: 'PKCS7/JSON', Payload } },
    }
  },
}
