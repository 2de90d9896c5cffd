import { withoutTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'
import { changeTags } from '../tags.ts'

export const removeTagsFromResource: Operation<SsmOperations, 'RemoveTagsFromResource', SsmDeps> = {
  accepts: { ResourceType: true, ResourceId: true, TagKeys: true },
  async handle(input, { scope }, deps) {
    const keys = input.TagKeys ?? []
    await changeTags(deps, scope, { named: input, to: (tags) => withoutTags(tags, keys) })
    return {}
  },
}
