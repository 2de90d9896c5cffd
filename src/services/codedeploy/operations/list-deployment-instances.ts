import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findDeployment, pageByKey } from '../find-records.ts'
import { deploymentTargets } from '../../../deploy/deployment-target.ts'

export const listDeploymentInstances: CodeDeployOperation<'ListDeploymentInstances'> = {
  accepts: {
    deploymentId: true,
    nextToken: true,
    instanceStatusFilter: true,
    instanceTypeFilter: true,
  },
  async handle(input, request, deps) {
    const { deploymentId } = await findDeployment(deps, request.scope, input.deploymentId)
    const filter = { owner: deploymentId }
    const statuses: readonly string[] | undefined = input.instanceStatusFilter
    const labels: readonly string[] | undefined = input.instanceTypeFilter
    const records = (await deps.deploy.store.list(deploymentTargets, request.scope, filter)).filter(
      (record) =>
        (!statuses?.length || statuses.includes(record.value.status)) &&
        (!labels?.length || labels.includes(record.value.label ?? '')),
    )
    const page = pageByKey(records, (record) => record.id, input.nextToken)
    return {
      instancesList: page.items.map((record) => record.value.targetId),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  },
}
