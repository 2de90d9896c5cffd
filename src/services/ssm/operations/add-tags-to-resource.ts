import { withTags } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import type { SsmDeps, SsmOperations } from '../service-deps.ts'
import { changeTags, tagsGiven } from '../tags.ts'

export const addTagsToResource: Operation<SsmOperations, 'AddTagsToResource', SsmDeps> = {
  accepts: { ResourceType: true, ResourceId: true, Tags: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const added = tagsGiven(input.Tags)
    await changeTags(deps, scope, { named: input, to: (tags) => withTags(tags, added) })
    return {}
  },
}
