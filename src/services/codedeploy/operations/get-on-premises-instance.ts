import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findOnPremises, viewOnPremises } from '../on-premises-rules.ts'

export const getOnPremisesInstance: CodeDeployOperation<'GetOnPremisesInstance'> = {
  accepts: { instanceName: true },
  async handle(input, request, deps) {
    const record = await findOnPremises(deps, request.scope, input.instanceName)
    return { instanceInfo: viewOnPremises(record.value) }
  },
}
