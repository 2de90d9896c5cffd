import type { Operation } from '../../../wire/service.ts'
import { checkBus } from '../find.ts'
import { invalid } from '../errors.ts'
import { acceptedTarget, targetOf } from '../target-specification.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const putTargets: Operation<EventsOperations, 'PutTargets', EventsDeps> = {
  accepts: { Rule: true, EventBusName: true, Targets: acceptedTarget },
  async handle(input, request, deps) {
    checkBus(request.scope, input.EventBusName)
    const targets = (input.Targets ?? []).map((target) => targetOf(request.scope, target))
    if (targets.length === 0) throw invalid('At least one target is to be given.')
    await deps.rules.catalogue.putTargets(request.scope, input.Rule ?? '', targets)
    return { FailedEntryCount: 0, FailedEntries: [] }
  },
}
