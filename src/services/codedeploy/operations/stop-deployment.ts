import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findDeployment } from '../find-records.ts'
import * as errors from '../errors.ts'

export const stopDeployment: CodeDeployOperation<'StopDeployment'> = {
  accepts: { deploymentId: true, autoRollbackEnabled: true },
  async handle(input, request, deps) {
    const { deploymentId } = await findDeployment(deps, request.scope, input.deploymentId)
    const outcome = await deps.deploy.stop(request.scope, deploymentId, input.autoRollbackEnabled)
    if (outcome === 'finished') throw errors.deploymentAlreadyCompleted(deploymentId)
    return {
      status: 'Pending',
      statusMessage: 'No more commands will be scheduled for execution in the deployment instances',
    }
  },
}
