import { withoutTags } from '../../../kernel/tags.ts'
import { changeKey } from '../keys.ts'
import type { KmsOperation } from '../service-deps.ts'

export const untagResource: KmsOperation<'UntagResource'> = {
  accepts: { KeyId: true, TagKeys: true },
  async handle(input, { scope }, deps) {
    const keys = input.TagKeys ?? []
    await changeKey(deps, scope, input.KeyId, (key) => ({
      ...key,
      tags: withoutTags(key.tags, keys),
    }))
    return {}
  },
}
