import { noRepositoryPolicy } from '../errors.ts'
import { needRepository } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const getRepositoryPolicy: EcrOperation<'GetRepositoryPolicy'> = {
  accepts: { registryId: true, repositoryName: true },
  async handle(input, { scope }, deps) {
    const { name, policy } = await needRepository(deps, scope, input.repositoryName)
    if (policy === undefined) throw noRepositoryPolicy(name, scope.account)
    return { registryId: scope.account, repositoryName: name, policyText: policy }
  },
}
