import type { Operation } from '../../../wire/service.ts'
import { busArn } from '../../../rules/rule.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const listEventBuses: Operation<EventsOperations, 'ListEventBuses', EventsDeps> = {
  accepts: { NamePrefix: true, NextToken: true, Limit: true },
  async handle(input, request) {
    const isAsked = 'default'.startsWith(input.NamePrefix ?? '')
    return { EventBuses: isAsked ? [{ Name: 'default', Arn: busArn(request.scope) }] : [] }
  },
}
