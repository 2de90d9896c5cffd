import type { Operation } from '../../../wire/service.ts'
import { busArn } from '../../../rules/rule.ts'
import { checkBus } from '../find.ts'
import type { EventsDeps, EventsOperations } from '../service-deps.ts'

export const describeEventBus: Operation<EventsOperations, 'DescribeEventBus', EventsDeps> = {
  accepts: { Name: true },
  async handle(input, request) {
    checkBus(request.scope, input.Name)
    return { Name: 'default', Arn: busArn(request.scope) }
  },
}
