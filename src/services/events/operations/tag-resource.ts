import type { Operation } from '../../../wire/service.ts'
import { ruleOfArn } from '../find.ts'
import { checkCount, tagRecord } from '../tags.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const tagResource: Operation<EventsOperations, 'TagResource', EventsDeps> = {
  accepts: { ResourceARN: true, Tags: true },
  async handle(input, request, deps) {
    const { name } = await ruleOfArn(deps, request.scope, input.ResourceARN)
    const given = tagRecord(input.Tags)
    await deps.rules.catalogue.change(request.scope, name, (rule) => {
      const tags = { ...rule.tags, ...given }
      checkCount(tags)
      return { ...rule, tags }
    })
    return {}
  },
}
