import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findApplication } from '../find-records.ts'
import { deploymentGroups, groupKey } from '../../../deploy/deployment-group.ts'
import * as errors from '../errors.ts'
import * as names from '../name-rules.ts'
import { viewGroup } from '../group-settings.ts'

export const batchGetDeploymentGroups: CodeDeployOperation<'BatchGetDeploymentGroups'> = {
  accepts: { applicationName: true, deploymentGroupNames: true },
  async handle(input, request, deps) {
    const application = await findApplication(deps, request.scope, input.applicationName)
    const missing = errors.deploymentGroupNameRequired()
    const found = []
    const unknown = []
    for (const name of names.batch(input.deploymentGroupNames, 100, missing)) {
      const id = groupKey(application.id, names.deploymentGroupName(name))
      const record = await deps.deploy.store.find(deploymentGroups, request.scope, id)
      if (record) found.push(viewGroup(record.value))
      else unknown.push(name)
    }
    return {
      deploymentGroupsInfo: found,
      ...(unknown.length > 0 && {
        errorMessage: `No Deployment Group found for name: ${unknown.join(', ')}`,
      }),
    }
  },
}
