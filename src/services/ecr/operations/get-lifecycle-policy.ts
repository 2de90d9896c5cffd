import { noLifecyclePolicy } from '../errors.ts'
import { needRepository } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const getLifecyclePolicy: EcrOperation<'GetLifecyclePolicy'> = {
  accepts: { registryId: true, repositoryName: true },
  async handle(input, { scope }, deps) {
    const { name, lifecyclePolicy } = await needRepository(deps, scope, input.repositoryName)
    if (lifecyclePolicy === undefined) throw noLifecyclePolicy(name, scope.account)
    return { registryId: scope.account, repositoryName: name, lifecyclePolicyText: lifecyclePolicy }
  },
}
