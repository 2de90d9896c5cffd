import { changeRepository, mutabilityOf, repositoryView } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const putImageTagMutability: EcrOperation<'PutImageTagMutability'> = {
  accepts: { registryId: true, repositoryName: true, imageTagMutability: true },
  async handle(input, { scope }, deps) {
    const isImmutable = mutabilityOf(input.imageTagMutability)
    const changed = await changeRepository(deps, scope, input.repositoryName, (repository) => ({
      ...repository,
      isImmutable,
    }))
    const { registryId, repositoryName, imageTagMutability } = repositoryView(changed, scope)
    return { registryId, repositoryName, imageTagMutability }
  },
}
