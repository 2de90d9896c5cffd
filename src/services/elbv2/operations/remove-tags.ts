import { withoutTags } from '../../../kernel/tags.ts'
import type { Elbv2Operation } from '../deps.ts'
import { reservedTagKey } from '../errors.ts'
import { changeTags, isReserved } from '../tags.ts'

export const removeTags: Elbv2Operation<'RemoveTags'> = {
  accepts: { ResourceArns: true, TagKeys: true },
  async handle(input, { scope }, deps) {
    if ((input.TagKeys ?? []).some(isReserved)) throw reservedTagKey()
    for (const arn of input.ResourceArns ?? []) {
      await changeTags(deps, scope, arn, (tags) => withoutTags(tags, input.TagKeys ?? []))
    }
    return {}
  },
}
