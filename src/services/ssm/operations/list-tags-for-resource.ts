import type { Operation } from '../../../wire/service.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'
import { taggedParameter } from '../tags.ts'

export const listTagsForResource: Operation<SsmOperations, 'ListTagsForResource', SsmDeps> = {
  accepts: { ResourceType: true, ResourceId: true },
  async handle(input, { scope }, deps) {
    const { tags = [] } = await taggedParameter(deps, scope, input)
    return { TagList: [...tags] }
  },
}
