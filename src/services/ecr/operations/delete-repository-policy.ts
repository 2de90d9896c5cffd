import { noRepositoryPolicy } from '../errors.ts'
import { changeRepository, needRepository } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const deleteRepositoryPolicy: EcrOperation<'DeleteRepositoryPolicy'> = {
  accepts: { registryId: true, repositoryName: true },
  async handle(input, { scope }, deps) {
    const { name, policy } = await needRepository(deps, scope, input.repositoryName)
    if (policy === undefined) throw noRepositoryPolicy(name, scope.account)
    await changeRepository(deps, scope, name, (repository) => {
      const { policy: _, ...rest } = repository
      return rest
    })
    return { registryId: scope.account, repositoryName: name, policyText: policy }
  },
}
