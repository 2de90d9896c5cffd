import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { applications } from '../../../deploy/application.ts'
import { pageByKey } from '../find-records.ts'

export const listApplications: CodeDeployOperation<'ListApplications'> = {
  accepts: { nextToken: true },
  async handle(input, request, deps) {
    const records = await deps.deploy.store.list(applications, request.scope)
    const page = pageByKey(records, (record) => record.id, input.nextToken)
    return {
      applications: page.items.map((record) => record.id),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  },
}
