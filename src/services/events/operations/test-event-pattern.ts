import type { Operation } from '../../../wire/service.ts'
import { checkPattern } from '../../../rules/rule-catalogue.ts'
import { parsed } from '../../../topics/domain/filter-policy.ts'
import { isObject, matchesPattern } from '../../../topics/domain/pattern.ts'
import { invalid } from '../errors.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const testEventPattern: Operation<EventsOperations, 'TestEventPattern', EventsDeps> = {
  accepts: { EventPattern: true, Event: true },
  async handle(input) {
    const pattern = checkPattern(input.EventPattern ?? '')
    const event = parsed(input.Event ?? '')
    if (!isObject(event)) throw invalid('Parameter Event is not valid.')
    for (const name of ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type']) {
      if (!(name in event))
        throw invalid(`Parameter Event is not valid. Reason: ${name} is missing.`)
    }
    return { Result: isObject(pattern) && matchesPattern(pattern, event) }
  },
}
