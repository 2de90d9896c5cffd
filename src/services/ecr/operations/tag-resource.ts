import { changeRepository, nameIn } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const tagResource: EcrOperation<'TagResource'> = {
  accepts: { resourceArn: true, tags: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const given = (input.tags ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }))
    await changeRepository(deps, scope, nameIn(input.resourceArn), (repository) => ({
      ...repository,
      tags: [
        ...repository.tags.filter(({ Key }) => !given.some((tag) => tag.Key === Key)),
        ...given,
      ],
    }))
    return {}
  },
}
