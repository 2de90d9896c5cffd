import { withTags } from '../../../kernel/tags.ts'
import { changeTags } from '../tagged.ts'
import { required, tagsOf } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const createTags: Ec2Operation<'CreateTags'> = {
  accepts: { Resources: true, Tags: { Key: true, Value: true } },
  async handle(input, { scope }, { store }) {
    const added = tagsOf(required(input.Tags, 'Tags'))
    const ids = required(input.Resources, 'ResourceId')
    await changeTags(store, scope, { ids, to: (tags) => withTags(tags, added) })
    return {}
  },
}
