import { tagList } from '../../../kernel/tags.ts'
import type { Operation } from '../../../wire/service.ts'
import { ruleOfArn } from '../find.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const listTagsForResource: Operation<EventsOperations, 'ListTagsForResource', EventsDeps> = {
  accepts: { ResourceARN: true },
  async handle(input, request, deps) {
    const { tags } = await ruleOfArn(deps, request.scope, input.ResourceARN)
    return { Tags: tagList(tags) }
  },
}
