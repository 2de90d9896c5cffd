import { changeRepository, checkedText } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const setRepositoryPolicy: EcrOperation<'SetRepositoryPolicy'> = {
  accepts: { registryId: true, repositoryName: true, policyText: true, force: true },
  async handle(input, { scope }, deps) {
    const policy = checkedText('policyText', input.policyText)
    const { name } = await changeRepository(deps, scope, input.repositoryName, (repository) => ({
      ...repository,
      policy,
    }))
    return { registryId: scope.account, repositoryName: name, policyText: policy }
  },
}
