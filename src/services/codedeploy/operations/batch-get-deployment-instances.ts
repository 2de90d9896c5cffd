import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findDeployment } from '../find-records.ts'
import { deploymentTargets, targetKey } from '../../../deploy/deployment-target.ts'
import * as errors from '../errors.ts'
import * as names from '../name-rules.ts'
import { viewInstance } from '../deployment-view.ts'
import { openInstanceId } from '../instance-id.ts'

export const batchGetDeploymentInstances: CodeDeployOperation<'BatchGetDeploymentInstances'> = {
  accepts: { deploymentId: true, instanceIds: true },
  async handle(input, request, deps) {
    const { deploymentId } = await findDeployment(deps, request.scope, input.deploymentId)
    const found = []
    for (const id of names.batch(input.instanceIds, 25, errors.instanceIdRequired())) {
      const key = targetKey(deploymentId, openInstanceId(id))
      const record = await deps.deploy.store.find(deploymentTargets, request.scope, key)
      if (!record) throw errors.instanceDoesNotExist(id)
      found.push(viewInstance(record.value))
    }
    return { instancesSummary: found }
  },
}
