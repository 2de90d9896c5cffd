import { isRegistered, onPremisesInstances } from '../../../deploy/on-premises.ts'
import { isNamed } from '../../../deploy/select-instances.ts'
import type { CodeDeployOperation } from '../codedeploy-operation.ts'
import * as errors from '../errors.ts'
import { pageByKey } from '../find-records.ts'
import { openOnPremisesFilters } from '../instance-selection.ts'

/** Every instance that any of the filters names; all without filters. */
export const listOnPremisesInstances: CodeDeployOperation<'ListOnPremisesInstances'> = {
  accepts: { registrationStatus: true, tagFilters: true, nextToken: true },
  async handle(input, request, deps) {
    const { registrationStatus } = input
    if (registrationStatus !== undefined && !statuses.includes(registrationStatus)) {
      throw errors.invalidRegistrationStatus(registrationStatus)
    }
    const filters = openOnPremisesFilters(input.tagFilters)
    const records = await deps.deploy.store.list(onPremisesInstances, request.scope)
    const chosen = records.filter(
      ({ value }) =>
        (registrationStatus === undefined ||
          isRegistered(value) === (registrationStatus === 'Registered')) &&
        (filters.length === 0 || isNamed(value.tags, filters, [])),
    )
    const page = pageByKey(chosen, (record) => record.id, input.nextToken)
    return {
      instanceNames: page.items.map((record) => record.id),
      ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
    }
  },
}

const statuses: readonly string[] = ['Registered', 'Deregistered']
