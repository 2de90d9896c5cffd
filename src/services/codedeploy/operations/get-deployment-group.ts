import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findGroup } from '../find-records.ts'
import { viewGroup } from '../group-settings.ts'

export const getDeploymentGroup: CodeDeployOperation<'GetDeploymentGroup'> = {
  accepts: { applicationName: true, deploymentGroupName: true },
  async handle(input, request, deps) {
    const record = await findGroup(deps, request.scope, {
      application: input.applicationName,
      group: input.deploymentGroupName,
    })
    return { deploymentGroupInfo: viewGroup(record.value) }
  },
}
