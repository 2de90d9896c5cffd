import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { instanceLabels, instanceStatuses } from '../filter-rules.ts'
import { findDeployment } from '../find-records.ts'
import { pageOfTargets } from '../page-of-targets.ts'

export const listDeploymentInstances: CodeDeployOperation<'ListDeploymentInstances'> = {
  accepts: {
    deploymentId: true,
    nextToken: true,
    instanceStatusFilter: instanceStatuses,
    instanceTypeFilter: instanceLabels,
  },
  async handle(input, request, deps) {
    const { deploymentId } = await findDeployment(deps, request.scope, input.deploymentId)
    const page = await pageOfTargets(deps, request.scope, {
      deploymentId,
      filter: { statuses: input.instanceStatusFilter, labels: input.instanceTypeFilter },
      nextToken: input.nextToken,
    })
    return {
      instancesList: page.items.map((target) => target.targetId),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  },
}
