import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { removeApplication } from '../make-records.ts'
import * as names from '../name-rules.ts'

export const deleteApplication: CodeDeployOperation<'DeleteApplication'> = {
  accepts: { applicationName: true },
  async handle(input, request, deps) {
    await removeApplication(deps, request.scope, names.applicationName(input.applicationName))
    return {}
  },
}
