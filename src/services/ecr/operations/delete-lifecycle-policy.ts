import { noLifecyclePolicy } from '../errors.ts'
import { changeRepository, needRepository } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const deleteLifecyclePolicy: EcrOperation<'DeleteLifecyclePolicy'> = {
  accepts: { registryId: true, repositoryName: true },
  async handle(input, { scope }, deps) {
    const { name, lifecyclePolicy } = await needRepository(deps, scope, input.repositoryName)
    if (lifecyclePolicy === undefined) throw noLifecyclePolicy(name, scope.account)
    await changeRepository(deps, scope, name, (repository) => {
      const { lifecyclePolicy: _, ...rest } = repository
      return rest
    })
    return { registryId: scope.account, repositoryName: name, lifecyclePolicyText: lifecyclePolicy }
  },
}
