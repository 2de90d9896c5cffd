import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findConfig } from '../../../deploy/find-config.ts'
import * as errors from '../errors.ts'
import * as names from '../name-rules.ts'
import { viewConfig } from '../deployment-view.ts'

export const getDeploymentConfig: CodeDeployOperation<'GetDeploymentConfig'> = {
  accepts: { deploymentConfigName: true },
  async handle(input, request, deps) {
    const name = names.deploymentConfigName(input.deploymentConfigName)
    const config = await findConfig(deps.deploy.store, request.scope, name)
    if (!config) throw errors.deploymentConfigDoesNotExist(name)
    return { deploymentConfigInfo: viewConfig(config) }
  },
}
