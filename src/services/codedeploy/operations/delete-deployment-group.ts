import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { removeGroup } from '../make-records.ts'
import * as names from '../name-rules.ts'

export const deleteDeploymentGroup: CodeDeployOperation<'DeleteDeploymentGroup'> = {
  accepts: { applicationName: true, deploymentGroupName: true },
  async handle(input, request, deps) {
    await removeGroup(deps, request.scope, {
      application: names.applicationName(input.applicationName),
      group: names.deploymentGroupName(input.deploymentGroupName),
    })
    return { hooksNotCleanedUp: [] }
  },
}
