import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findApplication } from '../find-records.ts'
import { viewApplication } from '../deployment-view.ts'

export const getApplication: CodeDeployOperation<'GetApplication'> = {
  accepts: { applicationName: true },
  async handle(input, request, deps) {
    const record = await findApplication(deps, request.scope, input.applicationName)
    return { application: viewApplication(record.value) }
  },
}
