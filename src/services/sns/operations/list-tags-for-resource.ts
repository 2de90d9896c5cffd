import { tagList } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import { resourceNotFound } from '../errors.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const listTagsForResource: Operation<SnsOperations, 'ListTagsForResource', SnsDeps> = {
  accepts: { ResourceArn: true },
  async handle(input, request, deps) {
    const topic = await deps.topics.catalogue.byArn(input.ResourceArn ?? '')
    if (topic?.scope.account !== request.scope.account) throw resourceNotFound()
    return { Tags: tagList(topic.tags) }
  },
}
