import { withTags } from '../../../kernel/tags.ts'
import type { Elbv2Operation } from '../deps.ts'
import { changeTags, readAddedTags } from '../tags.ts'

export const addTags: Elbv2Operation<'AddTags'> = {
  accepts: { ResourceArns: true, Tags: { Key: true, Value: true } },
  async handle(input, { scope }, deps) {
    const added = readAddedTags(input.Tags)
    for (const arn of input.ResourceArns ?? []) {
      await changeTags(deps, scope, arn, (tags) => withTags(tags, added))
    }
    return {}
  },
}
