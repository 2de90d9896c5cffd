import { onPremisesInstances } from '../../../deploy/on-premises.ts'
import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import * as errors from '../errors.ts'
import * as names from '../name-rules.ts'
import { instanceName, viewOnPremises } from '../on-premises-rules.ts'

/** Names that were never registered are left out, as AWS's error list for it says. */
export const batchGetOnPremisesInstances: CodeDeployOperation<'BatchGetOnPremisesInstances'> = {
  accepts: { instanceNames: true },
  async handle(input, request, deps) {
    const wanted = names.batch(input.instanceNames, 25, errors.instanceNameRequired())
    const found = []
    for (const name of new Set(wanted.map(instanceName))) {
      const record = await deps.deploy.store.find(onPremisesInstances, request.scope, name)
      if (record) found.push(viewOnPremises(record.value))
    }
    return { instanceInfos: found }
  },
}
