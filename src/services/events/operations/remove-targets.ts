import type { Operation } from '../../../wire/service.ts'
import { checkBus } from '../find.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const removeTargets: Operation<EventsOperations, 'RemoveTargets', EventsDeps> = {
  accepts: { Rule: true, EventBusName: true, Ids: true, Force: true },
  async handle(input, request, deps) {
    checkBus(request.scope, input.EventBusName)
    const { Rule: name = '', Ids: ids = [] } = input
    const unknown = await deps.rules.catalogue.removeTargets(request.scope, name, ids)
    const FailedEntries = unknown.map((TargetId) => ({
      TargetId,
      ErrorCode: 'ResourceNotFoundException',
      ErrorMessage: `Rule ${name} does not have target(s) with Id(s): ${TargetId}.`,
    }))
    return { FailedEntryCount: FailedEntries.length, FailedEntries }
  },
}
