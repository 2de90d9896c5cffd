import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findApplication, pageByKey } from '../find-records.ts'
import { deploymentGroups } from '../../../deploy/deployment-group.ts'

export const listDeploymentGroups: CodeDeployOperation<'ListDeploymentGroups'> = {
  accepts: { applicationName: true, nextToken: true },
  async handle(input, request, deps) {
    const application = await findApplication(deps, request.scope, input.applicationName)
    const owner = { owner: application.id }
    const records = await deps.deploy.store.list(deploymentGroups, request.scope, owner)
    const page = pageByKey(records, (record) => record.id, input.nextToken)
    return {
      applicationName: application.id,
      deploymentGroups: page.items.map((record) => record.value.deploymentGroupName),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  },
}
