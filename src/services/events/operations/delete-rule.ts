import type { Operation } from '../../../wire/service.ts'
import { checkBus } from '../find.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const deleteRule: Operation<EventsOperations, 'DeleteRule', EventsDeps> = {
  accepts: { Name: true, EventBusName: true, Force: true },
  async handle(input, request, deps) {
    checkBus(request.scope, input.EventBusName)
    await deps.rules.catalogue.remove(request.scope, input.Name ?? '')
    return {}
  },
}
