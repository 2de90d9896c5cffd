import { changeRepository, nameIn } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const untagResource: EcrOperation<'UntagResource'> = {
  accepts: { resourceArn: true, tagKeys: true },
  async handle(input, { scope }, deps) {
    await changeRepository(deps, scope, nameIn(input.resourceArn), (repository) => ({
      ...repository,
      tags: repository.tags.filter(({ Key }) => !input.tagKeys?.includes(Key)),
    }))
    return {}
  },
}
