import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { makeConfig } from '../make-records.ts'
import { is } from '../../../wire/accept.ts'

export const createDeploymentConfig: CodeDeployOperation<'CreateDeploymentConfig'> = {
  accepts: {
    deploymentConfigName: true,
    minimumHealthyHosts: true,
    computePlatform: is('Server'),
    zonalConfig: true,
  },
  async handle(input, request, deps) {
    const { deploymentConfigId } = await makeConfig(deps, request.scope, input)
    return { deploymentConfigId }
  },
}
