import type { Scope } from '../../../kernel/scope.ts'
import type { CodeDeployDeps, CodeDeployOperation } from '../codedeploy-operation.ts'
import * as errors from '../errors.ts'
import { deploymentStatuses } from '../filter-rules.ts'
import { findGroup, findApplication, pageByKey } from '../find-records.ts'
import { deployments, type Deployment } from '../../../deploy/deployment.ts'
import { groupKey } from '../../../deploy/deployment-group.ts'

export const listDeployments: CodeDeployOperation<'ListDeployments'> = {
  accepts: {
    applicationName: true,
    deploymentGroupName: true,
    includeOnlyStatuses: deploymentStatuses,
    createTimeRange: true,
    nextToken: true,
  },
  async handle(input, request, deps) {
    const { scope } = request
    const { start, end } = input.createTimeRange ?? {}
    if (start && end && start > end) throw errors.invalidTimeRange()
    const filter = await ownerOf(deps, scope, input)
    const chosen = (await deps.deploy.store.list(deployments, scope, filter))
      .map((record) => record.value)
      .filter(
        (deployment) =>
          (input.applicationName === undefined ||
            deployment.applicationName === input.applicationName) &&
          (!input.includeOnlyStatuses?.length ||
            input.includeOnlyStatuses.includes(deployment.status)) &&
          (!start || deployment.createTime >= start.getTime()) &&
          (!end || deployment.createTime <= end.getTime()),
      )
      .toSorted((a, b) => (newestFirst(a) < newestFirst(b) ? -1 : 1))
    const page = pageByKey(chosen, newestFirst, input.nextToken)
    return {
      deployments: page.items.map((deployment) => deployment.deploymentId),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  },
}

/** A key that grows with age: lists begin with the newest. */
function newestFirst(deployment: Deployment): string {
  const age = String(Number.MAX_SAFE_INTEGER - deployment.createTime).padStart(17, '0')
  return age + deployment.deploymentId
}

async function ownerOf(
  deps: CodeDeployDeps,
  scope: Scope,
  input: { applicationName?: string | undefined; deploymentGroupName?: string | undefined },
): Promise<{ owner?: string }> {
  if (input.deploymentGroupName !== undefined) {
    const group = await findGroup(deps, scope, {
      application: input.applicationName,
      group: input.deploymentGroupName,
    })
    return { owner: groupKey(group.value.applicationName, group.value.deploymentGroupName) }
  }
  if (input.applicationName !== undefined) {
    await findApplication(deps, scope, input.applicationName)
  }
  return {}
}
