import { changeRepository, checkedText } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

/** There are no images that it could expire. */
export const putLifecyclePolicy: EcrOperation<'PutLifecyclePolicy'> = {
  accepts: { registryId: true, repositoryName: true, lifecyclePolicyText: true },
  async handle(input, { scope }, deps) {
    const lifecyclePolicy = checkedText('lifecyclePolicyText', input.lifecyclePolicyText)
    const { name } = await changeRepository(deps, scope, input.repositoryName, (repository) => ({
      ...repository,
      lifecyclePolicy,
    }))
    const lifecyclePolicyText = lifecyclePolicy
    return { registryId: scope.account, repositoryName: name, lifecyclePolicyText }
  },
}
