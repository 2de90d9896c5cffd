import type { Operation } from '../../../wire/service.ts'
import { resourceNotFound } from '../errors.ts'
import { checkTags, tagRecord } from '../tags.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const tagResource: Operation<SnsOperations, 'TagResource', SnsDeps> = {
  accepts: { ResourceArn: true, Tags: true },
  async handle(input, request, deps) {
    const topic = await deps.topics.catalogue.byArn(input.ResourceArn ?? '')
    if (topic?.scope.account !== request.scope.account) throw resourceNotFound()
    const tags = { ...topic.tags, ...tagRecord(input.Tags) }
    checkTags(tags)
    await deps.topics.catalogue.change(topic, (record) => ({
      ...record,
      tags: { ...record.tags, ...tagRecord(input.Tags) },
    }))
    return {}
  },
}
