import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findDeployment } from '../find-records.ts'
import { deploymentTargets, targetKey } from '../../../deploy/deployment-target.ts'
import * as errors from '../errors.ts'
import { viewTarget } from '../deployment-view.ts'

export const batchGetDeploymentTargets: CodeDeployOperation<'BatchGetDeploymentTargets'> = {
  accepts: { deploymentId: true, targetIds: true },
  async handle(input, request, deps) {
    const { deploymentId } = await findDeployment(deps, request.scope, input.deploymentId)
    const wanted = input.targetIds ?? []
    if (wanted.length === 0) throw errors.deploymentTargetIdRequired()
    if (wanted.length > 25) throw errors.deploymentTargetListSizeExceeded()
    const found = []
    for (const targetId of wanted) {
      const key = targetKey(deploymentId, targetId)
      const record = await deps.deploy.store.find(deploymentTargets, request.scope, key)
      if (!record) throw errors.deploymentTargetDoesNotExist(targetId)
      found.push(viewTarget(record.value))
    }
    return { deploymentTargets: found }
  },
}
