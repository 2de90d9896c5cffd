import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import { deployments } from '../../../deploy/deployment.ts'
import * as errors from '../errors.ts'
import * as names from '../name-rules.ts'
import { viewDeployment } from '../deployment-view.ts'

export const batchGetDeployments: CodeDeployOperation<'BatchGetDeployments'> = {
  accepts: { deploymentIds: true },
  async handle(input, request, deps) {
    const found = []
    for (const id of names.batch(input.deploymentIds, 25, errors.deploymentIdRequired())) {
      const known = names.deploymentId(id)
      const record = await deps.deploy.store.find(deployments, request.scope, known)
      if (record) found.push(viewDeployment(record.value))
    }
    return { deploymentsInfo: found }
  },
}
