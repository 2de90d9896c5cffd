import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findDeployment } from '../find-records.ts'
import { viewDeployment } from '../deployment-view.ts'

export const getDeployment: CodeDeployOperation<'GetDeployment'> = {
  accepts: { deploymentId: true },
  async handle(input, request, deps) {
    const deployment = await findDeployment(deps, request.scope, input.deploymentId)
    return { deploymentInfo: viewDeployment(deployment) }
  },
}
