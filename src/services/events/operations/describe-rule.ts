import type { Operation } from '../../../wire/service.ts'
import { checkBus } from '../find.ts'
import { ruleView } from '../rule-view.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const describeRule: Operation<EventsOperations, 'DescribeRule', EventsDeps> = {
  accepts: { Name: true, EventBusName: true },
  async handle(input, request, deps) {
    checkBus(request.scope, input.EventBusName)
    const rule = await deps.rules.catalogue.require(request.scope, input.Name ?? '')
    return { ...ruleView(request.scope, rule), CreatedBy: request.scope.account }
  },
}
