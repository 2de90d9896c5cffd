import type { ResourceType } from '@aws-sdk/client-ec2'
import { taggedResources } from '../tagged.ts'
import { filtered, paged } from '../filters.ts'
import { describing } from '../input.ts'
import type { Ec2Operation } from '../deps.ts'

export const describeTags: Ec2Operation<'DescribeTags'> = {
  accepts: { ...describing },
  async handle(input, { scope }, { store }) {
    const resources = await taggedResources(store, scope)
    const all = resources.flatMap(({ resourceId: id, resourceType, tags }) =>
      tags.map((tag) => ({ id, resourceType, tag, tags: [tag] })),
    )
    const shown = filtered(all, input.Filters, {
      'resource-id': (entry) => entry.id,
      'resource-type': (entry) => entry.resourceType,
      key: (entry) => entry.tag.Key,
      value: (entry) => entry.tag.Value,
    })
    const { items, ...page } = paged(shown, (entry) => `${entry.id} ${entry.tag.Key}`, input)
    return {
      Tags: items.map(({ id, resourceType, tag }) => ({
        ResourceId: id,
        ResourceType: resourceType as ResourceType,
        Key: tag.Key,
        Value: tag.Value,
      })),
      ...page,
    }
  },
}
