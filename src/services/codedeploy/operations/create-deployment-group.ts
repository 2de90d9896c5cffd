import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { makeGroup } from '../make-records.ts'
import { acceptsGroupSettings } from '../group-settings.ts'

export const createDeploymentGroup: CodeDeployOperation<'CreateDeploymentGroup'> = {
  accepts: { ...acceptsGroupSettings, deploymentGroupName: true, tags: true },
  async handle(input, request, deps) {
    const { deploymentGroupId } = await makeGroup(deps, request.scope, input)
    return { deploymentGroupId }
  },
}
