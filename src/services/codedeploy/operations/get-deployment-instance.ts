import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findDeployment } from '../find-records.ts'
import { deploymentTargets, targetKey } from '../../../deploy/deployment-target.ts'
import * as errors from '../errors.ts'
import { viewInstance } from '../deployment-view.ts'
import { openInstanceId } from '../instance-id.ts'

export const getDeploymentInstance: CodeDeployOperation<'GetDeploymentInstance'> = {
  accepts: { deploymentId: true, instanceId: true },
  async handle(input, request, deps) {
    const { deploymentId } = await findDeployment(deps, request.scope, input.deploymentId)
    if (!input.instanceId) throw errors.instanceIdRequired()
    const key = targetKey(deploymentId, openInstanceId(input.instanceId))
    const record = await deps.deploy.store.find(deploymentTargets, request.scope, key)
    if (!record) throw errors.instanceDoesNotExist(input.instanceId)
    return { instanceSummary: viewInstance(record.value) }
  },
}
