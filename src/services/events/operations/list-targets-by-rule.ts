import type { Operation } from '../../../wire/service.ts'
import { checkBus } from '../find.ts'
import { pageWith } from '../paging.ts'
import { targetView } from '../rule-view.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const listTargetsByRule: Operation<EventsOperations, 'ListTargetsByRule', EventsDeps> = {
  accepts: { Rule: true, EventBusName: true, NextToken: true, Limit: true },
  async handle(input, request, deps) {
    checkBus(request.scope, input.EventBusName)
    const { targets } = await deps.rules.catalogue.require(request.scope, input.Rule ?? '')
    const sorted = targets.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const { items, next } = pageWith(sorted, ({ id }) => id, input)
    return { Targets: items.map(targetView), ...next }
  },
}
