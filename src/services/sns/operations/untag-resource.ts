import type { Operation } from '../../../wire/service.ts'
import { resourceNotFound } from '../errors.ts'
import type { SnsDeps, SnsOperations } from '../service-deps.ts'

export const untagResource: Operation<SnsOperations, 'UntagResource', SnsDeps> = {
  accepts: { ResourceArn: true, TagKeys: true },
  async handle(input, request, deps) {
    const topic = await deps.topics.catalogue.byArn(input.ResourceArn ?? '')
    if (topic?.scope.account !== request.scope.account) throw resourceNotFound()
    const keys = input.TagKeys ?? []
    await deps.topics.catalogue.change(topic, (record) => ({
      ...record,
      tags: Object.fromEntries(Object.entries(record.tags).filter(([key]) => !keys.includes(key))),
    }))
    return {}
  },
}
