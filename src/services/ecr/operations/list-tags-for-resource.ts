import { nameIn, needRepository } from '../repositories.ts'
import type { EcrOperation } from '../service-deps.ts'

export const listTagsForResource: EcrOperation<'ListTagsForResource'> = {
  accepts: { resourceArn: true },
  async handle(input, { scope }, deps) {
    const { tags } = await needRepository(deps, scope, nameIn(input.resourceArn))
    return { tags: tags.map(({ Key, Value }) => ({ Key, Value })) }
  },
}
