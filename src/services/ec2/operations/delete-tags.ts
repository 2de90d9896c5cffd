import { changeTags } from '../tagged.ts'
import { required } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const deleteTags: Ec2Operation<'DeleteTags'> = {
  accepts: { Resources: true, Tags: { Key: true, Value: true } },
  async handle(input, { scope }, { store }) {
    const { Tags: given } = input
    const removed = (tag: { Key: string; Value: string }) =>
      given === undefined ||
      given.some(
        ({ Key, Value }) => Key === tag.Key && (Value === undefined || Value === tag.Value),
      )
    const ids = required(input.Resources, 'ResourceId')
    await changeTags(store, scope, { ids, to: (tags) => tags.filter((tag) => !removed(tag)) })
    return {}
  },
}
