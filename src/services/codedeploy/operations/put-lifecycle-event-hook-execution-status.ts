import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import * as errors from '../errors.ts'
import { findDeployment } from '../find-records.ts'

type Name = 'PutLifecycleEventHookExecutionStatus'

/** For functions that validate deployments of Lambda and ECS; deployments to servers have none. */
export const putLifecycleEventHookExecutionStatus: CodeDeployOperation<Name> = {
  accepts: { deploymentId: true, lifecycleEventHookExecutionId: true, status: true },
  async handle(input, request, deps) {
    const { deploymentId } = await findDeployment(deps, request.scope, input.deploymentId)
    if (!input.lifecycleEventHookExecutionId) throw errors.invalidHookExecutionId()
    if (input.status !== 'Succeeded' && input.status !== 'Failed') {
      throw errors.invalidHookExecutionStatus(input.status)
    }
    throw errors.unsupportedActionForDeploymentType(
      `The deployment ${deploymentId} is to servers: its hooks are scripts, which the agents report`,
    )
  },
}
