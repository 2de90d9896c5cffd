import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { findApplication } from '../find-records.ts'
import * as errors from '../errors.ts'
import * as names from '../name-rules.ts'
import { viewApplication } from '../deployment-view.ts'

export const batchGetApplications: CodeDeployOperation<'BatchGetApplications'> = {
  accepts: { applicationNames: true },
  async handle(input, request, deps) {
    const wanted = names.batch(input.applicationNames, 100, errors.applicationNameRequired())
    const found = []
    for (const name of wanted) {
      const record = await findApplication(deps, request.scope, name)
      found.push(viewApplication(record.value))
    }
    return { applicationsInfo: found }
  },
}
