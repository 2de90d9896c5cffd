import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findDeployment } from '../find-records.ts'
import { deploymentTargets, targetKey } from '../../../deploy/deployment-target.ts'
import * as errors from '../errors.ts'
import { viewTarget } from '../deployment-view.ts'

export const getDeploymentTarget: CodeDeployOperation<'GetDeploymentTarget'> = {
  accepts: { deploymentId: true, targetId: true },
  async handle(input, request, deps) {
    const { deploymentId } = await findDeployment(deps, request.scope, input.deploymentId)
    if (!input.targetId) throw errors.deploymentTargetIdRequired()
    const key = targetKey(deploymentId, input.targetId)
    const record = await deps.deploy.store.find(deploymentTargets, request.scope, key)
    if (!record) throw errors.deploymentTargetDoesNotExist(input.targetId)
    return { deploymentTarget: viewTarget(record.value) }
  },
}
