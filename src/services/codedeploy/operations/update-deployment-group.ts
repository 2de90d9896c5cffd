import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { changeGroup } from '../make-records.ts'
import { acceptsGroupSettings } from '../group-settings.ts'

export const updateDeploymentGroup: CodeDeployOperation<'UpdateDeploymentGroup'> = {
  accepts: {
    ...acceptsGroupSettings,
    currentDeploymentGroupName: true,
    newDeploymentGroupName: true,
  },
  async handle(input, request, deps) {
    await changeGroup(deps, request.scope, input)
    return { hooksNotCleanedUp: [] }
  },
}
