import { withTags } from '../../../kernel/tags.ts'
import { changeKey, tagsGiven } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const tagResource: KmsOperation<'TagResource'> = {
  accepts: { KeyId: true, Tags: { TagKey: true, TagValue: true } },
  async handle(input, { scope }, deps) {
    const added = tagsGiven(input.Tags)
    await changeKey(deps, scope, input.KeyId, (key) => ({
      ...key,
      tags: withTags(key.tags, added),
    }))
    return {}
  },
}
