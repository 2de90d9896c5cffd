import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { endWait } from '../end-wait.ts'
import { is } from '../../../wire/accept.ts'

export const continueDeployment: CodeDeployOperation<'ContinueDeployment'> = {
  accepts: { deploymentId: true, deploymentWaitType: is('READY_WAIT', 'TERMINATION_WAIT') },
  async handle(input, request, deps) {
    const wait = input.deploymentWaitType ?? 'READY_WAIT'
    await endWait(deps, request.scope, { deploymentId: input.deploymentId, wait })
    return {}
  },
}
