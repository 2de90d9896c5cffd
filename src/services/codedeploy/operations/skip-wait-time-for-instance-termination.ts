import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { endWait } from '../end-wait.ts'

export const skipWaitTimeForInstanceTermination: CodeDeployOperation<'SkipWaitTimeForInstanceTermination'> =
  {
    accepts: { deploymentId: true },
    async handle(input, request, deps) {
      const wait = 'TERMINATION_WAIT'
      await endWait(deps, request.scope, { deploymentId: input.deploymentId, wait })
      return {}
    },
  }
