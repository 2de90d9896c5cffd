import type { DeploymentWait } from '../../deploy/blue-green.ts'
import type { Scope } from '../../kernel/scope.ts'
import type { CodeDeployDeps } from './codedeploy-operation.ts'
import * as errors from './errors.ts'
import { findDeployment } from './find-records.ts'

/** Ends a wait of a blue/green deployment. Throws AWS's errors for one that is not in it. */
export async function endWait(
  deps: CodeDeployDeps,
  scope: Scope,
  at: { readonly deploymentId: string | undefined; readonly wait: DeploymentWait },
): Promise<void> {
  const { deploymentId } = await findDeployment(deps, scope, at.deploymentId)
  switch (await deps.deploy.continue(scope, deploymentId, at.wait)) {
    case 'continued':
      return
    case 'not-ready':
      throw errors.deploymentIsNotInReadyState(deploymentId)
    case 'in-place':
      throw errors.unsupportedActionForDeploymentType(
        `The deployment ${deploymentId} is in place: only blue/green deployments can be continued`,
      )
    case 'finished':
      throw errors.deploymentAlreadyCompleted(deploymentId)
    case 'unknown':
      throw errors.deploymentDoesNotExist(deploymentId)
  }
}
