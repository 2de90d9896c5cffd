import { needRepository, repositories, repositoryView } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const deleteRepository: EcrOperation<'DeleteRepository'> = {
  accepts: { registryId: true, repositoryName: true, force: true },
  async handle(input, { scope }, deps) {
    const repository = await needRepository(deps, scope, input.repositoryName)
    const record = await deps.store.find(repositories, scope, repository.name)
    if (record) await deps.store.remove(record)
    return { repository: repositoryView(repository, scope) }
  },
}
