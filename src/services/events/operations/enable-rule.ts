import type { Operation } from '../../../wire/service.ts'
import { checkBus } from '../find.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const enableRule: Operation<EventsOperations, 'EnableRule', EventsDeps> = {
  accepts: { Name: true, EventBusName: true },
  async handle(input, request, deps) {
    checkBus(request.scope, input.EventBusName)
    await deps.rules.catalogue.setEnabled(request.scope, input.Name ?? '', true)
    return {}
  },
}
