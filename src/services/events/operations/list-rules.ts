import type { Operation } from '../../../wire/service.ts'
import { checkBus } from '../find.ts'
import { pageWith } from '../paging.ts'
import { ruleView } from '../rule-view.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const listRules: Operation<EventsOperations, 'ListRules', EventsDeps> = {
  accepts: { NamePrefix: true, EventBusName: true, NextToken: true, Limit: true },
  async handle(input, request, deps) {
    checkBus(request.scope, input.EventBusName)
    const rules = await deps.rules.catalogue.list(request.scope, input.NamePrefix)
    const { items, next } = pageWith(rules, ({ name }) => name, input)
    return { Rules: items.map((rule) => ruleView(request.scope, rule)), ...next }
  },
}
