import { is } from '../../../wire/accept.ts'
import { createRepository as create, mutabilityOf, repositoryView } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const createRepository: EcrOperation<'CreateRepository'> = {
  accepts: {
    repositoryName: true,
    tags: { Key: true, Value: true },
    imageTagMutability: true,
    imageScanningConfiguration: { scanOnPush: is(false) },
  },
  async handle(input, { scope }, deps) {
    const repository = await create(deps, scope, {
      name: input.repositoryName ?? '',
      isImmutable: mutabilityOf(input.imageTagMutability),
      tags: (input.tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value })),
    })
    return { repository: repositoryView(repository, scope) }
  },
}
