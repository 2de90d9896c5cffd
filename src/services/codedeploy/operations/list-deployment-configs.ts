import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { builtInConfigs, deploymentConfigs } from '../../../deploy/deployment-config.ts'
import { pageByKey } from '../find-records.ts'

export const listDeploymentConfigs: CodeDeployOperation<'ListDeploymentConfigs'> = {
  accepts: { nextToken: true },
  async handle(input, request, deps) {
    const custom = await deps.deploy.store.list(deploymentConfigs, request.scope)
    const all = [...builtInConfigs, ...custom.map((record) => record.value)]
      .map((config) => config.deploymentConfigName)
      .toSorted()
    const page = pageByKey(all, (name) => name, input.nextToken)
    return {
      deploymentConfigsList: [...page.items],
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  },
}
