import { deregisterOnPremises } from '../../../deploy/on-premises.ts'
import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { instanceName } from '../on-premises-rules.ts'

/** Deregistering what is not registered succeeds, as AWS's error list for it says. */
export const deregisterOnPremisesInstance: CodeDeployOperation<'DeregisterOnPremisesInstance'> = {
  accepts: { instanceName: true },
  async handle(input, request, deps) {
    const at = { scope: request.scope, instanceName: instanceName(input.instanceName) }
    await deregisterOnPremises(deps.deploy.store, at, deps.deploy.context.clock.now())
    return {}
  },
}
