import type { Operation } from '../../../wire/service.ts'
import { checkBus } from '../find.ts'
import { pageWith } from '../paging.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const listRuleNamesByTarget: Operation<
  EventsOperations,
  'ListRuleNamesByTarget',
  EventsDeps
> = {
  accepts: { TargetArn: true, EventBusName: true, NextToken: true, Limit: true },
  async handle(input, request, deps) {
    checkBus(request.scope, input.EventBusName)
    const rules = await deps.rules.catalogue.list(request.scope)
    const those = rules.filter(({ targets }) => targets.some(({ arn }) => arn === input.TargetArn))
    const { items, next } = pageWith(those, ({ name }) => name, input)
    return { RuleNames: items.map(({ name }) => name), ...next }
  },
}
