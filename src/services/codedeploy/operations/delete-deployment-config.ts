import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { removeConfig } from '../make-records.ts'
import * as names from '../name-rules.ts'

export const deleteDeploymentConfig: CodeDeployOperation<'DeleteDeploymentConfig'> = {
  accepts: { deploymentConfigName: true },
  async handle(input, request, deps) {
    const name = names.deploymentConfigName(input.deploymentConfigName)
    await removeConfig(deps, request.scope, name)
    return {}
  },
}
