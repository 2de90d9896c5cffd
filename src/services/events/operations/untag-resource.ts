import type { Operation } from '../../../wire/service.ts'
import { ruleOfArn } from '../find.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const untagResource: Operation<EventsOperations, 'UntagResource', EventsDeps> = {
  accepts: { ResourceARN: true, TagKeys: true },
  async handle(input, request, deps) {
    const { name } = await ruleOfArn(deps, request.scope, input.ResourceARN)
    const keys = input.TagKeys ?? []
    await deps.rules.catalogue.change(request.scope, name, (rule) => ({
      ...rule,
      tags: Object.fromEntries(Object.entries(rule.tags).filter(([key]) => !keys.includes(key))),
    }))
    return {}
  },
}
