import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { makeApplication } from '../make-records.ts'
import { is } from '../../../wire/accept.ts'

export const createApplication: CodeDeployOperation<'CreateApplication'> = {
  accepts: { applicationName: true, computePlatform: is('Server'), tags: true },
  async handle(input, request, deps) {
    const { applicationId } = await makeApplication(deps, request.scope, input)
    return { applicationId }
  },
}
