import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { instanceLabels, instanceStatuses } from '../filter-rules.ts'
import { findDeployment } from '../find-records.ts'
import { pageOfTargets } from '../page-of-targets.ts'

export const listDeploymentTargets: CodeDeployOperation<'ListDeploymentTargets'> = {
  accepts: {
    deploymentId: true,
    nextToken: true,
    targetFilters: { TargetStatus: instanceStatuses, ServerInstanceLabel: instanceLabels },
  },
  async handle(input, request, deps) {
    const { deploymentId } = await findDeployment(deps, request.scope, input.deploymentId)
    const page = await pageOfTargets(deps, request.scope, {
      deploymentId,
      filter: {
        statuses: input.targetFilters?.TargetStatus,
        labels: input.targetFilters?.ServerInstanceLabel,
      },
      nextToken: input.nextToken,
    })
    return {
      targetIds: page.items.map((target) => target.targetId),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  },
}
